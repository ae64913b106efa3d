"""What stakeholders were told, or are about to be."""

import uuid
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from core.severity import CHOICES
from incidents.models.incident import Incident
from incidents.models.stakeholders import HappenedName, StakeholderRule, UrgencyName
from teams.stakeholders import StakeholderGroup


class Occasion(models.Model):
    """Something happened of which stakeholders may want to hear; gone once the rules were asked.

    Written with the fact itself. What the rules make of it comes later, so that no text, however
    wrong, can hold up a page or take an incident back.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    event = models.CharField(max_length=12, choices=HappenedName)
    severity = models.CharField(max_length=2, choices=CHOICES)
    group = models.ForeignKey(  # of an update that is due; else whoever the rules name
        StakeholderGroup, models.CASCADE, null=True, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.event}"


class MessageState(models.TextChoices):
    DRAFT = "draft", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not delivered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


RELEASED: Final = (MessageState.APPROVED, MessageState.SENT, MessageState.FAILED)
TEXTS: Final = ("subject_ko", "body_ko", "subject_en", "body_en")


class MessageQuerySet(models.QuerySet["StakeholderMessage"]):
    def drafts(self) -> "MessageQuerySet":
        return self.filter(state=MessageState.DRAFT)

    def due(self, at: datetime) -> "MessageQuerySet":
        """Approved, and not yet with the outbox."""
        return self.filter(state=MessageState.APPROVED, queued_at=None, goes_at__lte=at)


class StakeholderMessage(models.Model):
    """One text to one group, in both languages: drafted, approved, sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(
        Incident, models.CASCADE, related_name="messages", verbose_name=_("incident")
    )
    group = models.ForeignKey(
        StakeholderGroup, models.PROTECT, related_name="+", verbose_name=_("stakeholder group")
    )
    rule = models.ForeignKey(StakeholderRule, models.SET_NULL, null=True, related_name="+")
    event = models.CharField(_("when"), max_length=12, choices=HappenedName, blank=True, default="")
    urgency = models.CharField(_("urgency"), max_length=10, choices=UrgencyName)
    external = models.BooleanField(default=False)
    automatic = models.BooleanField(_("goes without approval"), default=False)
    second_person = models.BooleanField(_("a second person approves"), default=False)
    subject_ko = models.CharField(_("subject (Korean)"), max_length=300)
    body_ko = models.TextField(_("text (Korean)"))
    subject_en = models.CharField(_("subject (English)"), max_length=300)
    body_en = models.TextField(_("text (English)"))

    state = models.CharField(
        _("state"), max_length=10, choices=MessageState, default=MessageState.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField(_("drafted at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("written by"),
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved at"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("approved by"),
    )  # fmt: skip
    goes_at = models.DateTimeField(_("goes at"), null=True)
    topic = models.CharField(max_length=80, blank=True, default="")  # of its deliveries
    queued_at = models.DateTimeField(null=True)
    recipients = models.PositiveIntegerField(_("recipients"), default=0)
    reached = models.PositiveIntegerField(_("reached"), default=0)
    missed = models.PositiveIntegerField(_("not reached"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stakeholder message")
        verbose_name_plural = _("stakeholder messages")
        ordering = ["-drafted_at"]
        constraints = [
            # A rule that fires again refreshes its draft; two would be sent one after the other.
            models.UniqueConstraint(
                fields=["incident", "rule"],
                condition=Q(state=MessageState.DRAFT),
                name="one_draft_a_rule",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=RELEASED)
                | Q(approved_at__isnull=False, goes_at__isnull=False),
                name="released_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(external=True, automatic=True), name="nothing_leaves_by_itself"
            ),
            # Whoever wrote it may not approve it, where the rule asks for a second person.
            models.CheckConstraint(
                condition=Q(second_person=False)
                | Q(approved_by=None)
                | Q(written_by=None)
                | ~Q(approved_by=F("written_by")),
                name="four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MessageState.SENT, MessageState.FAILED])
                | Q(finished_at__isnull=False),
                name="finished_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["goes_at"],
                condition=Q(state=MessageState.APPROVED, queued_at=None),
                name="message_due",
            ),
            models.Index(fields=["topic"], condition=~Q(topic=""), name="message_topic"),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id} → {self.group}"

    @property
    def subject(self) -> str:
        return in_language(self.subject_ko, self.subject_en)

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TEXTS}


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def overdue(self, at: datetime) -> "BriefingQuerySet":
        return self.filter(due_at__lte=at)


class Briefing(models.Model):
    """What a group was promised: when it was last told of an incident, and when it hears again."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="briefings")
    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True)
    since = models.DateTimeField()  # the next update is counted from here: told, or to be told
    due_at = models.DateTimeField(null=True)  # None: nothing is promised, or it is over
    reminded = models.BooleanField(default=False)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["incident", "group"], name="one_promise_a_group")
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False, reminded=False),
                name="briefing_due",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id} → {self.group}"
