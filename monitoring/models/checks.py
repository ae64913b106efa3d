"""What is read every so often, and what came of it last."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.severity import CHOICES
from monitoring.domain.checks import SILENT_AFTER, Job, State, silent_at
from monitoring.kinds import Kind
from monitoring.registry import collector_choices

SHORTEST, LONGEST = timedelta(seconds=5), timedelta(days=1)
LONGEST_TIMEOUT = timedelta(seconds=60)


class CheckQuerySet(models.QuerySet["Check"]):
    def gone_silent(self, at: datetime) -> "CheckQuerySet":
        """What has given no data for too long although it was run, and nobody was told yet."""
        late, tried = self._late(at), [State.FAILING.value, State.HANGING.value]
        unheard = Q(last_ok_at=None) | Q(last_ok_at__lte=late)
        return self.filter(unheard, enabled=True, silent=False, since__lte=late, state__in=tried)

    def come_back(self, at: datetime) -> "CheckQuerySet":
        heard = Q(last_ok_at__gt=self._late(at), last_ok_at__gte=F("since"))
        return self.filter(Q(enabled=False) | heard, silent=True)

    @staticmethod
    def _late(at: datetime) -> Any:
        return models.Value(at) - F("interval") * SILENT_AFTER


class Check(models.Model):
    """Something that a collector reads every so often."""

    name = models.CharField(
        _("name"), max_length=120, unique=True,
        help_text=_("Also the label of what it measures: another name begins new courses."),
    )  # fmt: skip
    collector = models.CharField(_("what is read"), max_length=40, choices=collector_choices)
    settings = models.JSONField(_("settings"), default=dict)  # secrets in it are env:NAME
    host = models.CharField(
        _("host label"), max_length=200, blank=True,
        help_text=_("Whose it is: the label “host” of what it measures."),
    )  # fmt: skip
    service = models.ForeignKey(
        "teams.Service", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("service"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SYSTEM)
    severity = models.CharField(
        _("severity"), max_length=2, choices=CHOICES, default="P2",
        help_text=_("When it gives no data for three intervals."),
    )  # fmt: skip
    interval = models.DurationField(_("every"), default=timedelta(seconds=60))
    timeout = models.DurationField(_("timeout"), default=timedelta(seconds=10))
    enabled = models.BooleanField(_("enabled"), default=True)

    due_at = models.DateTimeField(_("next run"), default=timezone.now, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)  # one process is at it
    last_run_at = models.DateTimeField(_("last run"), null=True, editable=False)
    last_ok_at = models.DateTimeField(_("last data"), null=True, editable=False)
    last_error = models.TextField(_("error"), blank=True, default="", editable=False)
    took = models.FloatField(_("took"), null=True, editable=False)  # seconds
    state = models.CharField(
        _("state"), max_length=8, choices=[(one.value, one.value) for one in State], default=State.NEW.value,
        editable=False,
    )  # fmt: skip
    readings = models.JSONField(default=list, editable=False)  # of the last run, for people
    since = models.DateTimeField(default=timezone.now, editable=False)  # silence counts from here
    silent = models.BooleanField(default=False, editable=False)  # its alert is open

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["name"]
        constraints = [
            # Longer, and the next run would be due before this one has to be over.
            models.CheckConstraint(
                condition=Q(timeout__gt=timedelta(0), timeout__lte=F("interval")),
                name="check_ends_before_the_next",
            ),
            models.CheckConstraint(condition=Q(interval__gte=SHORTEST), name="check_takes_breath"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(enabled=True), name="check_due")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:check", args=[self.pk])

    def clean(self) -> None:
        if not SHORTEST <= self.interval <= LONGEST:
            raise ValidationError({"interval": _("Between five seconds and a day.")})
        if not timedelta(0) < self.timeout <= min(self.interval, LONGEST_TIMEOUT):
            raise ValidationError({"timeout": _("A minute at most, and no longer than “every”.")})

    @property
    def silent_at(self) -> datetime:
        return silent_at(self.last_ok_at, self.since, self.interval)

    def job(self, *, at: datetime, service: str) -> Job:
        return Job(
            check=self.pk, name=self.name, collector=self.collector, settings=self.settings,
            timeout=self.timeout.total_seconds(), at=at, host=self.host, service=service,
            kind=self.kind,
        )  # fmt: skip
