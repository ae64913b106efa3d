"""What customers are told: an incident or a maintenance, its updates, and what it says of components."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.bilingual import in_language
from incidents.models import Incident
from monitoring.models import MaintenanceWindow
from statuspage.domain.chasing import Owed, Standing, owed
from statuspage.domain.phases import OVER, Kind, Phase
from statuspage.domain.states import Impact, State, gravest, impact_of
from statuspage.models.page import Component, StateName
from statuspage.models.public import Public


class KindName(models.TextChoices):
    INCIDENT = Kind.INCIDENT, _("Incident")
    MAINTENANCE = Kind.MAINTENANCE, _("Maintenance")


class PhaseName(models.TextChoices):
    INVESTIGATING = Phase.INVESTIGATING, _("Investigating")
    IDENTIFIED = Phase.IDENTIFIED, _("Identified")
    MONITORING = Phase.MONITORING, pgettext_lazy("status page", "Monitoring")
    RESOLVED = Phase.RESOLVED, _("Resolved")
    POSTMORTEM = Phase.POSTMORTEM, _("Postmortem")
    SCHEDULED = Phase.SCHEDULED, _("Scheduled")
    IN_PROGRESS = Phase.IN_PROGRESS, _("In progress")
    VERIFYING = Phase.VERIFYING, _("Verifying")
    COMPLETED = Phase.COMPLETED, _("Completed")
    CANCELLED = Phase.CANCELLED, _("Cancelled")
    MERGED = Phase.MERGED, _("Merged")


class ImpactName(models.TextChoices):
    NONE = Impact.NONE, _("No impact")
    MAINTENANCE = Impact.MAINTENANCE, _("Maintenance")
    MINOR = Impact.MINOR, _("Minor")
    MAJOR = Impact.MAJOR, _("Major")
    CRITICAL = Impact.CRITICAL, _("Critical")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def public(self) -> Self:
        """The only way to what customers may see: a draft is nobody's business."""
        return self.filter(published_at__isnull=False)

    def alone(self) -> Self:
        """What is told for itself, not as a part of another."""
        return self.filter(merged_into=None)

    def going_on(self) -> Self:
        return self.exclude(phase__in=OVER)


class Notice(Public):
    """An incident or a maintenance as customers are told of it; a draft until it is published."""

    kind = models.CharField(_("kind"), max_length=12, choices=KindName, default=KindName.INCIDENT)
    incident = models.OneToOneField(
        Incident, models.PROTECT, null=True, blank=True, related_name="notice",
        verbose_name=_("incident"),
    )  # fmt: skip
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged"
    )
    title_ko = models.CharField(_("title (Korean)"), max_length=255, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=255, blank=True)
    phase = models.CharField(_("phase"), max_length=16, choices=PhaseName)
    impact = models.CharField(
        _("impact"), max_length=12, choices=ImpactName, default=ImpactName.NONE
    )
    impact_override = models.CharField(
        _("impact, said by a person"), max_length=12, choices=ImpactName, blank=True
    )
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    override_at = models.DateTimeField(null=True, editable=False)
    by_person = models.BooleanField(default=False, editable=False)  # its components do not follow
    draft_ko = models.TextField(_("next words (Korean)"), blank=True)
    draft_en = models.TextField(_("next words (English)"), blank=True)
    started_at = models.DateTimeField(_("started at"))
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    monitoring_at = models.DateTimeField(_("monitored since"), null=True, editable=False)
    resolved_at = models.DateTimeField(_("over at"), null=True, editable=False)
    next_update_by = models.DateTimeField(_("next update by"), null=True, blank=True)
    chased_at = models.DateTimeField(null=True, editable=False)  # whoever owes the next word
    backfilled = models.BooleanField(_("added later"), default=False)
    scheduled_for = models.DateTimeField(_("begins at"), null=True, blank=True)
    scheduled_until = models.DateTimeField(_("ends at"), null=True, blank=True)
    remind = ArrayField(  # minutes before it begins
        models.PositiveIntegerField(), default=list, blank=True, editable=False
    )
    window = models.OneToOneField(
        MaintenanceWindow, models.SET_NULL, null=True, editable=False, related_name="notice"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(phase__in=OVER, resolved_at__isnull=False)
                | (~Q(phase__in=OVER) & Q(resolved_at=None)),
                name="a_notice_that_is_over_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.MAINTENANCE)
                | Q(scheduled_until__gt=models.F("scheduled_for")),
                name="a_maintenance_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "-started_at"], condition=Q(published_at__isnull=False),
                name="notice_public",
            ),
            models.Index(
                fields=["kind"], condition=~Q(phase__in=OVER), name="notice_going_on"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_ko, self.title_en)

    @property
    def is_over(self) -> bool:
        return self.phase in OVER

    @property
    def is_taken_back(self) -> bool:
        """It was added to the past, and is not told any more."""
        return self.backfilled and self.published_at is None

    @property
    def said_impact(self) -> Impact:
        return Impact(self.impact_override or self.impact)

    @property
    def standing(self) -> Standing:
        of = self.incident
        return Standing(
            begun_at=self.created_at, published=self.published_at is not None, over=self.is_over,
            promised_at=self.next_update_by,
            resolved_at=None if of is None or of.is_open else of.resolved_at or self.updated_at,
        )  # fmt: skip

    def owed(self, *, at: datetime) -> Owed | None:
        """The word that customers wait for."""
        return owed(self.standing, at=at) if self.incident_id else None

    def impact_with(self, states: list[State]) -> Impact:
        if self.kind == Kind.MAINTENANCE:
            return gravest([Impact.MAINTENANCE, impact_of(states, so_far=Impact(self.impact))])
        return impact_of(states, so_far=Impact(self.impact))


class Affected(models.Model):
    """What a notice says of a component, as long as it holds."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="affected")
    component = models.ForeignKey(Component, models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=20, choices=StateName)

    class Meta:
        verbose_name = _("affected component")
        verbose_name_plural = _("affected components")
        constraints = [
            models.UniqueConstraint(fields=["notice", "component"], name="said_once_a_component")
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.state}"


class Update(Public):
    """One word to the customers. Published ones are not changed: a correction is another one."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="updates")
    phase = models.CharField(_("phase"), max_length=16, choices=PhaseName)
    body_ko = models.TextField(_("text (Korean)"), blank=True)
    body_en = models.TextField(_("text (English)"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )
    told = models.BooleanField(_("subscribers are told"), default=True)
    # Each {component, name_ko, name_en, old, new}: as it was then, whatever becomes of the components.
    changes = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["notice", "-at"], name="update_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(body_ko="", body_en=""), name="an_update_says_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.at:%F %R}"

    @property
    def body(self) -> str:
        return in_language(self.body_ko, self.body_en)
