from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.severity import CHOICES
from incidents.models import Incident
from maintenance.domain.scoring import Mark, read


class Scenario(models.TextChoices):
    SYSTEM_DOWN = "system-down", _("System down")
    DATABASE = "database", _("Database blocked")
    NETWORK = "network", _("Network trouble")
    ENERGY = "energy-shortage", _("Energy shortage")
    DATA = "data-recovery", _("Data lost")
    ROLLING = "rolling-recovery", _("Rolling recovery")
    SITE = "site-loss", _("Site lost")
    STORM = "alert-storm", _("Alert storm")
    PAGING = "paging-provider-down", _("Paging provider down")


class Way(models.TextChoices):
    SANDBOX = "sandbox", _("played in the sandbox")
    TABLETOP = "tabletop", _("tabletop: people talk it through")


class DrillState(models.TextChoices):
    PLANNED = "planned", _("planned")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    OFF = "off", pgettext_lazy("drill", "called off")


class DrillQuerySet(models.QuerySet["Drill"]):
    def due(self, scenario: str) -> "Drill | None":
        """The next of these that is played in the sandbox."""
        rows = self.filter(scenario=scenario, way=Way.SANDBOX, state=DrillState.PLANNED)
        return rows.order_by("planned_at").first()

    def asked(self) -> "DrillQuerySet":
        """Which a worker is to play, the longest waiting first."""
        rows = self.filter(way=Way.SANDBOX, state=DrillState.PLANNED, asked_at__isnull=False)
        return rows.order_by("asked_at", "pk")

    def playing(self) -> "DrillQuerySet":
        """In the sandbox; whether somebody still plays it, its lock tells."""
        return self.filter(way=Way.SANDBOX, state=DrillState.RUNNING)

    def held(self, begins: datetime, ends: datetime) -> "DrillQuerySet":
        """Planned for this time, or played in it; what was called off or failed is neither."""
        planned = Q(state=DrillState.PLANNED, planned_at__gte=begins, planned_at__lt=ends)
        played = Q(
            state__in=[DrillState.RUNNING, DrillState.DONE], began_at__gte=begins, began_at__lt=ends
        )
        return self.filter(planned | played)


class Drill(models.Model):
    """A game day: planned, played or talked through, and scored. Its incident is marked as a drill wherever it is shown."""

    scenario = models.CharField(_("scenario"), max_length=24, choices=Scenario)
    way = models.CharField(_("way"), max_length=8, choices=Way, default=Way.TABLETOP)
    severity = models.CharField(_("severity"), max_length=2, choices=CHOICES, default="P2")
    planned_at = models.DateTimeField(_("planned for"))
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("led by"),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=8, choices=DrillState, default=DrillState.PLANNED
    )
    incident = models.OneToOneField(
        Incident, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("incident"),
    )  # fmt: skip
    began_at = models.DateTimeField(_("began at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # By the page: a worker is to play it now, and whoever plays it is to stop.
    asked_at = models.DateTimeField(_("to be played since"), null=True, blank=True)
    stop_at = models.DateTimeField(_("to be stopped since"), null=True, blank=True)
    told = models.TextField(_("what happened"), blank=True, default="")
    marks = models.JSONField(_("marks"), default=list)

    objects = DrillQuerySet.as_manager()

    class Meta:
        verbose_name = _("drill")
        verbose_name_plural = _("drills")
        ordering = ["-planned_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned") | Q(state="off") | Q(began_at__isnull=False),
                name="a_drill_that_ran_began",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_scenario_display())

    def get_absolute_url(self) -> str:
        return reverse("maintenance:drill", args=[self.pk])

    @property
    def held_at(self) -> datetime:
        return self.began_at or self.planned_at

    @property
    def scored(self) -> list[Mark]:
        return read(self.marks)


class DrillFinding(models.Model):
    """What a drill taught, and where it is followed up."""

    drill = models.ForeignKey(Drill, models.CASCADE, related_name="findings")
    text = models.CharField(_("text"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    followed_at = models.CharField(max_length=300, blank=True, default="")  # the address

    class Meta:
        verbose_name = _("finding of a drill")
        verbose_name_plural = _("findings of drills")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
