"""Actions that may hurt, each a row before it is anything else. Amounts are int sun."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from incidents.narration_actions import WAITS
from runbooks.domain import actions as domain
from runbooks.domain.actions import DAY, OPEN, PAID, WAITING, Before, Spent, State
from runbooks.registry import actions, label_of


class StateName(models.TextChoices):
    PROPOSED = State.PROPOSED, _("waits for approval")
    APPROVED = State.APPROVED, _("approved")
    EXECUTING = State.EXECUTING, _("being done")
    CONFIRMED = State.CONFIRMED, _("done")
    FAILED = State.FAILED, _("failed")
    LOST = State.LOST, _("paid, and nothing came of it")
    UNKNOWN = State.UNKNOWN, _("outcome not known yet")
    REFUSED = State.REFUSED, _("refused")
    EXPIRED = State.EXPIRED, _("expired")
    SHADOWED = State.SHADOWED, _("shadow: not done on purpose")


class ActionQuerySet(models.QuerySet["Action"]):
    def waiting(self) -> "ActionQuerySet":
        return self.filter(state__in=WAITING)

    def move(self, action: "Action", *before: State, to: State, **facts: Any) -> bool:
        """Compare and set: False when somebody else was faster, whose word then holds."""
        if not self.filter(pk=action.pk, state__in=before).update(state=to, **facts):
            return False
        action.state = to
        for name, value in facts.items():
            setattr(action, name, value)
        return True

    def before(self, action: "Action", *, now: datetime) -> Before:
        """What the others of its kind have done: `domain.actions.before`, added up by the database."""
        others = self.filter(kind=action.kind, began_at__isnull=False).exclude(pk=action.pk)
        spent = Q(state__in=PAID | OPEN)
        today = Q(state__in=OPEN) | Q(state__in=PAID, began_at__gt=now - DAY)
        found = others.aggregate(
            lifetime=Sum("sun", filter=spent, default=0),
            day=Sum("sun", filter=today, default=0),
            last=Max("began_at"),
        )
        return Before(Spent(int(found["day"]), int(found["lifetime"])), found["last"])


class Action(models.Model):
    """State changes by compare-and-set only (`move`); what is over never changes again."""

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=150)  # the same again is the same action
    parameters = models.JSONField(_("parameters"), default=dict)
    sun = models.PositiveBigIntegerField(_("amount (sun)"), default=0)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, null=True, related_name="actions",
        verbose_name=_("incident"),
    )  # fmt: skip
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("proposed by"),
    )  # fmt: skip
    proposed_at = models.DateTimeField(_("proposed at"))
    at_least = models.PositiveSmallIntegerField(
        _("people who approve, at least"), default=0
    )  # whatever the limits say
    state = models.CharField(
        _("state"), max_length=10, choices=StateName, default=StateName.PROPOSED
    )
    waits_for = models.CharField(_("waits for"), max_length=12, blank=True, default="")  # a Why
    began_at = models.DateTimeField(_("began at"), null=True)
    lease = models.UUIDField(null=True, editable=False)  # who executes it
    lease_until = models.DateTimeField(null=True, editable=False)
    look_at = models.DateTimeField(null=True, editable=False)  # what became of it
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("refused by"),
    )  # fmt: skip
    text_ko = models.CharField(
        _("what came of it (Korean)"), max_length=500, blank=True, default="", db_default=""
    )
    text_en = models.CharField(
        _("what came of it (English)"), max_length=500, blank=True, default="", db_column="text"
    )
    facts = models.JSONField(_("facts"), default=dict)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["kind", "began_at"], name="action_begun"),
            models.Index(
                fields=["state"],
                name="action_not_over",
                condition=Q(state__in=sorted(WAITING | OPEN)),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_action_a_key"),
            models.CheckConstraint(condition=Q(state__in=sorted(State)), name="action_state"),
            models.CheckConstraint(
                condition=Q(state=State.EXECUTING, lease__isnull=False, lease_until__isnull=False)
                | Q(~Q(state=State.EXECUTING), lease__isnull=True, lease_until__isnull=True),
                name="executing_under_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["executing", "unknown", "confirmed", "lost"])
                | Q(began_at__isnull=False),
                name="what_is_done_began",
            ),
        ]

    def __str__(self) -> str:
        kind = actions.get(self.kind)
        return kind.describe(self) if kind else f"{self.kind} {self.key}"

    def people_needed(self, limits: domain.Limits) -> int:
        return max(self.at_least, domain.people_needed(self.sun, limits))

    @property
    def text(self) -> str:
        """What came of it, in a line."""
        return in_language(self.text_ko, self.text_en)

    @property
    def told(self) -> dict[str, str]:
        return {"ko": self.text_ko, "en": self.text_en} if self.text_ko or self.text_en else {}

    @property
    def kind_label(self) -> str:
        return label_of(self.kind)

    @property
    def why_it_waits(self) -> str:
        return str(WAITS.get(self.waits_for, ""))

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_over(self) -> bool:
        return not domain.NEXT[State(self.state)]


class Approval(models.Model):
    action = models.ForeignKey(Action, models.CASCADE, related_name="approvals", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["at"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["action", "person"], name="one_approval_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.person_id}"
