"""Jobs that have to be heard of, and each time they were."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.severity import CHOICES
from core.zones import validate_time_zone
from monitoring.domain.heartbeats import Kind, Schedule, State, is_cron, state_of


def validate_cron(expression: str) -> None:
    if not is_cron(expression):
        raise ValidationError(_("This is no cron expression, such as 30 3 * * 1-5."))


class MonitorQuerySet(models.QuerySet["HeartbeatMonitor"]):
    def gone_down(self, at: datetime) -> "MonitorQuerySet":
        """What fails or is too late, and nobody was told yet."""
        wrong = Q(failing=True) | Q(due_at__lte=at)
        return self.filter(wrong, paused=False, down=False)

    def still_down(self, at: datetime) -> "MonitorQuerySet":
        """A whole period more without a word; somebody may have closed its alert meanwhile."""
        wrong = Q(failing=True) | Q(due_at__lte=at)
        return self.filter(wrong, paused=False, down=True, again_at__lte=at)

    def come_back(self, at: datetime) -> "MonitorQuerySet":
        return self.filter(
            Q(paused=True) | Q(failing=False) & (Q(due_at=None) | Q(due_at__gt=at)), down=True
        )

    def last_words(self) -> dict[int, str]:
        """What each said last, unless it has succeeded since: the body of a failure, or a log."""
        said = Ping.objects.filter(monitor=OuterRef("pk")).order_by("-id")
        last = said.filter(~Q(body="") | Q(kind=Kind.SUCCESS))
        shown = JSONObject(kind="kind", body="body")
        rows = self.order_by().annotate(last=Subquery(last.values(last=shown)[:1]))
        found = rows.filter(last__isnull=False).values_list("pk", "last")
        return {pk: one["body"] for pk, one in found if one["kind"] != Kind.SUCCESS}


class HeartbeatMonitor(models.Model):
    """A job that pings us: when it is late or says that it failed, that is an alert."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # its address
    name = models.CharField(_("name"), max_length=120)
    service = models.ForeignKey(
        "teams.Service", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("service"),
    )  # fmt: skip
    severity = models.CharField(_("severity"), max_length=2, choices=CHOICES, default="P2")
    period = models.DurationField(_("every"), default=timedelta(days=1))
    grace = models.DurationField(_("grace"), default=timedelta(hours=1))
    cron = models.CharField(
        _("cron expression"), max_length=100, blank=True, validators=[validate_cron],
        help_text=_("Instead of “every”, such as 30 3 * * 1-5."),
    )  # fmt: skip
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Asia/Seoul", validators=[validate_time_zone],
        help_text=_("Of the cron expression."),
    )  # fmt: skip
    paused = models.BooleanField(_("paused"), default=False)
    last_ping_at = models.DateTimeField(_("last ping"), null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    failing = models.BooleanField(default=False, editable=False)
    due_at = models.DateTimeField(_("too late at"), null=True, editable=False)
    down = models.BooleanField(default=False, editable=False)  # its alert was told
    again_at = models.DateTimeField(null=True, editable=False)  # then it is told once more

    objects = MonitorQuerySet.as_manager()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["name", "pk"]
        indexes = [
            # The tick asks every few seconds, and mostly finds nothing.
            models.Index(
                fields=["due_at"], condition=Q(down=False, paused=False), name="heartbeat_due"
            ),
            models.Index(
                fields=["id"], condition=Q(down=False, failing=True), name="heartbeat_failing"
            ),
            models.Index(fields=["id"], condition=Q(down=True), name="heartbeat_down"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:heartbeat", args=[self.pk])

    @property
    def address(self) -> str:
        return f"{settings.BASE_URL}/ping/{self.key}"

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.period, self.grace, self.cron, ZoneInfo(self.time_zone))

    def state(self, at: datetime) -> State:
        return state_of(
            paused=self.paused, failing=self.failing, last_ping_at=self.last_ping_at,
            started_at=self.started_at, due_at=self.due_at, grace=self.grace, at=at,
        )  # fmt: skip


class Ping(models.Model):
    monitor = models.ForeignKey(
        HeartbeatMonitor, models.CASCADE, related_name="pings", db_index=False
    )
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=10, choices=[(kind, kind) for kind in Kind])
    exit_code = models.PositiveSmallIntegerField(_("exit code"), null=True)
    took = models.DurationField(_("took"), null=True)  # since it said that it started
    body = models.TextField(_("body"), blank=True, default="")
    sender = models.CharField(_("sender"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("ping")
        verbose_name_plural = _("pings")
        ordering = ["-id"]
        indexes = [models.Index(fields=["monitor", "-id"], name="ping_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
