"""Routine work: which jobs there are, and each time one was due."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.severity import CHOICES
from maintenance.domain.periods import Period
from maintenance.registry import jobs

if TYPE_CHECKING:
    from maintenance.job import Job

LEASE: Final = timedelta(seconds=60)  # renewed while its process lives


class RoutineQuerySet(models.QuerySet["Routine"]):
    def known(self) -> "RoutineQuerySet":
        """Without those whose job a newer or older version had."""
        return self.filter(name__in=list(jobs))


class Routine(models.Model):
    """A job's switch and hour; how often it runs, its code says."""

    name = models.CharField(_("job"), max_length=60, unique=True, editable=False)
    enabled = models.BooleanField(_("enabled"), default=True)
    hour = models.TimeField(
        _("hour"), help_text=_("On the first day of each period, by the company's clock.")
    )
    severity = models.CharField(
        _("severity"), max_length=2, choices=CHOICES, default="P3",
        help_text=_("Of the alert when it fails."),
    )  # fmt: skip
    since = models.DateTimeField(editable=False)  # what was due before is nobody's
    failing = models.BooleanField(_("failing"), default=False, editable=False)  # its alert is open

    objects = RoutineQuerySet.as_manager()

    class Meta:
        verbose_name = _("routine job")
        verbose_name_plural = _("routine jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return str(self.job.title) if self.name in jobs else self.name

    def get_absolute_url(self) -> str:
        return reverse("maintenance:routine_job", args=[self.name])

    @property
    def job(self) -> "Job":
        return jobs[self.name]


class Status(models.TextChoices):
    WAITING = "WAITING", _("waiting")
    RUNNING = "RUNNING", _("running")
    SUCCESS = "SUCCESS", _("success")
    FAILED = "FAILED", _("failed")
    MISSED = (
        "MISSED",
        pgettext_lazy("routine work", "missed"),
    )  # its period was over before anybody could run it


class Why(models.TextChoices):
    """Why a run failed."""

    FOUND = "found", _("it found what is wrong")
    RAISED = "raised", _("an error ended it")
    TOO_LONG = "too_long", _("it took longer than it may")
    CRASHED = "crashed", _("its process ended before it")
    LOST = "lost", _("whoever ran it was killed, and so was who took it up")


OPEN: Final = (Status.WAITING, Status.RUNNING)
OVER: Final = (Status.SUCCESS, Status.FAILED)


class RoutineRunQuerySet(models.QuerySet["RoutineRun"]):
    def open(self) -> "RoutineRunQuerySet":
        return self.filter(status__in=OPEN)

    def over(self) -> "RoutineRunQuerySet":
        return self.filter(status__in=OVER)

    def known(self) -> "RoutineRunQuerySet":
        return self.filter(routine__name__in=list(jobs))

    def lost(self, at: datetime) -> "RoutineRunQuerySet":
        """Begun by somebody who no longer renews its lease."""
        return self.filter(status=Status.RUNNING, leased_until__lte=at)


class RoutineRun(models.Model):
    """A job in one period, or once more because somebody asked for it."""

    routine = models.ForeignKey(
        Routine, models.CASCADE, related_name="runs", verbose_name=_("job"), db_index=False
    )
    first = models.DateField(_("first day of its period"), null=True)  # none: it was asked for
    by = models.ForeignKey(
        "teams.User", models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    due_at = models.DateTimeField(_("due"))
    started_at = models.DateTimeField(_("began"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    why = models.CharField(_("why it failed"), max_length=8, choices=Why, blank=True, default="")
    error = models.TextField(_("error"), blank=True, default="")
    findings = models.JSONField(default=list)  # of maintenance.job.Finding
    figures = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)

    objects = RoutineRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a routine job")
        verbose_name_plural = _("runs of routine jobs")
        ordering = ["-due_at", "-id"]
        constraints = [
            # Two who plan at once, or one who was killed and plans again: never twice for a period.
            models.UniqueConstraint(
                fields=["routine", "first"], name="one_run_a_period"
            ),
            # Of two runs at once each would measure the other.
            models.UniqueConstraint(
                fields=["routine"], condition=Q(status__in=OPEN), name="one_open_run_a_job"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RUNNING)
                | Q(lease__isnull=False, leased_until__isnull=False, started_at__isnull=False),
                name="a_running_one_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=OVER) | Q(ended_at__gte=F("started_at")),
                name="what_is_over_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.FAILED) | Q(why=""), name="only_the_failed_say_why"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["routine", "-due_at"], name="routine_newest")]

    def __str__(self) -> str:
        return f"{self.routine.name} {self.period or f'{self.due_at:%Y-%m-%d %H:%M}'}"

    def get_absolute_url(self) -> str:
        return reverse("maintenance:routine_run", args=[self.pk])

    @property
    def period(self) -> Period | None:
        return Period(self.routine.job.frequency, self.first) if self.first else None

    @property
    def took(self) -> timedelta | None:
        """Of the attempt that ended it."""
        return self.ended_at - self.started_at if self.ended_at and self.started_at else None
