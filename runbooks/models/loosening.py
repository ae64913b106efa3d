"""What somebody wants loosened, until a second person has confirmed it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from runbooks.domain.loosening import State


class LooseningState(models.TextChoices):
    WAITING = State.WAITING, _("waits for a second person")
    APPLIED = State.APPLIED, _("confirmed and in force")
    REFUSED = State.REFUSED, _("refused")
    WITHDRAWN = State.WITHDRAWN, _("withdrawn")
    EXPIRED = State.EXPIRED, _("expired")
    OUTDATED = State.OUTDATED, _("outdated: it was changed meanwhile")


class LooseningQuerySet(models.QuerySet["Loosening"]):
    def waiting(self, *, at: datetime) -> "LooseningQuerySet":
        return self.filter(state=State.WAITING, expires_at__gt=at)

    def of(self, setting: str, row: int | None) -> "LooseningQuerySet":
        return self.filter(setting=setting, row=row)


class Loosening(models.Model):
    """What is over never changes again: whoever decides holds the row, and looks first."""

    setting = models.CharField(_("setting"), max_length=20)  # a name in `runbooks.guarded`
    row = models.BigIntegerField(_("entry"), null=True)  # None: of the version that holds
    titles = models.JSONField(_("titles"), default=dict)  # by language, as it was called then
    fields = models.JSONField(_("changes"))  # by name: what it was, what it shall be
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    expires_at = models.DateTimeField(_("expires"))
    state = models.CharField(
        _("state"), max_length=10, choices=LooseningState, default=LooseningState.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = LooseningQuerySet.as_manager()

    class Meta:
        verbose_name = _("loosening of limits")
        verbose_name_plural = _("loosenings of limits")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["expires_at"], name="loosening_waits", condition=Q(state=State.WAITING)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(State)), name="loosening_state"),
            # Whatever a door forgets: nobody loosens alone.
            models.CheckConstraint(
                condition=~Q(state=State.APPLIED)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="two_people_loosen",
            ),
        ]

    def __str__(self) -> str:
        titles: dict[str, str] = self.titles
        return titles.get((get_language() or "")[:2]) or titles.get("en") or self.setting

    def get_absolute_url(self) -> str:
        return reverse("runbooks:loosening", args=[self.pk])

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: after for name, (_before, after) in self.fields.items()}


class LooseningEntry(models.Model):
    """What was done about one, or tried in vain, and by whom."""

    loosening = models.ForeignKey(Loosening, models.CASCADE, related_name="entries")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    word = models.CharField(_("what"), max_length=12)  # proposed, a State, or an Objection
    text = models.CharField(_("text"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("entry about a loosening")
        verbose_name_plural = _("entries about a loosening")
        ordering = ["id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.word
