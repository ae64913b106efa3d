"""What was strange about a metric, and what keeps its judge from one process to the next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.domain.anomalies import Band, Reason, View
from monitoring.domain.anomalies.threshold import USUAL
from monitoring.models.metrics import Metric


class Feedback(models.TextChoices):
    NONE = "", _("not judged")
    USEFUL = "useful", _("useful")
    NOISE = "noise", _("false alarm")


VIEWS = [
    (View.VALUE.value, _("its value")),
    (View.DRIFT.value, _("its drift")),
    (View.HOUR.value, _("this hour of the week")),
    (View.LASTING.value, _("its mean of late")),
    (View.DAY.value, _("this time of day")),
]
REASONS = [
    (Reason.UNUSUAL.value, _("unusual")),
    (Reason.STUCK.value, _("stuck")),
    (Reason.NO_DATA.value, _("no data")),
]


class AnomalyQuerySet(models.QuerySet["Anomaly"]):
    def open(self, at: datetime) -> AnomalyQuerySet:
        """Those that last."""
        return self.filter(until__gt=at)

    def within(self, since: datetime, until: datetime) -> AnomalyQuerySet:
        """Those that lasted at any moment of that time."""
        return self.filter(at__lt=until, until__gt=since)

    def newest(self, metrics: Collection[int]) -> dict[int, Anomaly]:
        rows = self.filter(metric__in=metrics).order_by("metric_id", "-at", "-id")
        return {row.metric_id: row for row in rows.distinct("metric_id")}


class Anomaly(models.Model):
    """A stretch of readings that were strange; what is said of it is about the strangest."""

    metric = models.ForeignKey(
        Metric, models.CASCADE, related_name="anomalies", verbose_name=_("metric")
    )
    at = models.DateTimeField(_("since"))  # of the first strange reading
    last_at = models.DateTimeField(_("last strange reading"))
    until = models.DateTimeField(_("until"))  # it lasts as long as this is ahead
    peak_at = models.DateTimeField(_("at its strangest"))
    reason = models.CharField(_("reason"), max_length=10, choices=REASONS)
    view = models.CharField(_("seen by"), max_length=10, choices=VIEWS, blank=True, default="")
    score = models.FloatField(_("score"))  # 0 to 1
    bar = models.FloatField(_("where alarms began then"))
    probability = models.FloatField(_("probability"))  # of a reading as strange; 0 by rule
    every = models.DurationField(_("time between readings"), null=True)
    known = models.DurationField(_("length of the known past"), null=True)
    value = models.FloatField(_("reading"), null=True)
    observed = models.FloatField(_("observed"), null=True)  # by the view: a reading, mean or rate
    low = models.FloatField(_("expected at least"), null=True)
    high = models.FloatField(_("expected at most"), null=True)
    feedback = models.CharField(
        _("feedback"), max_length=10, choices=Feedback, blank=True, default=Feedback.NONE
    )
    feedback_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("feedback by"),
    )  # fmt: skip
    feedback_at = models.DateTimeField(_("feedback at"), null=True, blank=True)

    objects = AnomalyQuerySet.as_manager()

    class Meta:
        verbose_name = _("anomaly")
        verbose_name_plural = _("anomalies")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at__lte=F("last_at"), last_at__lt=F("until")), name="anomaly_lasts"
            ),
            models.CheckConstraint(
                condition=Q(feedback="") | Q(feedback_at__isnull=False),
                name="feedback_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="anomaly_newest"),
            models.Index(fields=["metric", "-at"], name="anomaly_of_metric"),
            models.Index(fields=["until"], name="anomaly_open"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.at:%Y-%m-%d %H:%M}"

    @property
    def expected(self) -> Band | None:
        return None if self.low is None or self.high is None else Band(self.low, self.high)

    @property
    def seen(self) -> float | None:
        """As its chart shows it: of what grows, what was read is a height, and how fast was judged."""
        return self.observed if self.metric.grows else self.value

    def lasts(self, at: datetime) -> bool:
        return self.until > at


class Verdict(models.Model):
    """Who said what of an anomaly, and when; what was taken back stays here."""

    anomaly = models.ForeignKey(Anomaly, models.CASCADE, related_name="verdicts")
    said = models.CharField(_("feedback"), max_length=10, choices=Feedback, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_said_display()} {self.at:%Y-%m-%d %H:%M}"


class MetricState(models.Model):
    """The judge of one metric: where its alarms begin, and what it had learned at its last checkpoint."""

    metric = models.OneToOneField(Metric, models.CASCADE, primary_key=True, related_name="state")
    judged = models.BooleanField(_("judged"), default=True)
    counter = models.BooleanField(_("only grows"), default=False)
    threshold = models.FloatField(_("where alarms begin"), default=USUAL)
    useful = models.PositiveIntegerField(_("called useful"), default=0)
    noise = models.PositiveIntegerField(_("called noise"), default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("changed by"),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed at"), null=True)
    life = models.PositiveIntegerField(default=1)  # the next one begins afresh
    begun_at = models.DateTimeField(_("judged since"))  # what it learned before called nobody
    until = models.DateTimeField(_("judged until"), null=True)  # as of the checkpoint
    readings = models.PositiveIntegerField(_("readings"), default=0)
    journal = models.BigIntegerField(default=0)  # the last line that the dump contains
    dump = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("judge of a metric")
        verbose_name_plural = _("judges of metrics")

    def __str__(self) -> str:
        return str(self.metric)


class JudgedLine(models.Model):
    """The readings that were judged at once, in order: what a successor repeats after a checkpoint."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("at"))
    readings = models.BinaryField()  # `monitoring.domain.anomalies.journal`
    count = models.PositiveIntegerField(_("readings"))
    behind = models.PositiveIntegerField(_("metrics with more to come"))
    took = models.FloatField(_("seconds"))

    class Meta:
        verbose_name = _("judged readings")
        verbose_name_plural = _("judged readings")

    def __str__(self) -> str:
        return str(self.pk)
