"""What was found in logs: kinds of errors, and matches of patterns with the lines around them."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.severity import CHOICES
from monitoring.domain.logs.levels import Level
from monitoring.models.logs import LogPattern, LogSource

LEVELS = [(level.value, level.name) for level in Level]


class TemplateQuerySet(models.QuerySet["LogTemplate"]):
    def new(self) -> "TemplateQuerySet":
        return self.filter(is_new=True, acknowledged_at=None)


class LogTemplate(models.Model):
    """What error lines have in common when names, numbers and addresses are left out."""

    source = models.ForeignKey(
        LogSource, models.CASCADE, related_name="templates", db_index=False, verbose_name=_("log")
    )
    fingerprint = models.UUIDField(editable=False)
    text = models.TextField(_("template"))
    example = models.TextField(_("example"))
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVELS)
    count = models.BigIntegerField(_("count"), default=0)
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"))
    is_new = models.BooleanField(
        _("new"), default=True
    )  # it came when its log had taught what is usual
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "teams.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of error")
        verbose_name_plural = _("kinds of errors")
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["source", "fingerprint"], name="log_template_once")
        ]
        indexes = [
            models.Index(
                fields=["-first_at"], condition=Q(is_new=True, acknowledged_at=None),
                name="log_template_new",
            ),
            models.Index(fields=["last_at"], name="log_template_by_age"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text[:100]


class LogTemplateDay(models.Model):
    template = models.ForeignKey(LogTemplate, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "day"], name="log_day_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"


class FindingQuerySet(models.QuerySet["LogFinding"]):
    def open(self) -> "FindingQuerySet":
        return self.filter(over_at=None)

    def older_than(self, at: datetime) -> "FindingQuerySet":
        return self.filter(last_at__lt=at)


class LogFinding(models.Model):
    """Matches of a pattern in a log that are one matter, with the lines around the first, all masked."""

    source = models.ForeignKey(
        LogSource, models.CASCADE, related_name="findings", db_index=False, verbose_name=_("log")
    )
    pattern = models.ForeignKey(
        LogPattern,
        models.CASCADE,
        null=True,
        related_name="findings",
        db_index=False,
        verbose_name=_("pattern"),
    )
    template = models.ForeignKey(
        LogTemplate,
        models.CASCADE,
        null=True,
        related_name="findings",
        db_index=False,
        verbose_name=_("kind of error"),
    )
    severity = models.CharField(_("severity"), max_length=2, choices=CHOICES, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVELS)
    at = models.DateTimeField(_("at"))
    last_at = models.DateTimeField(_("last match"))
    over_at = models.DateTimeField(_("over at"), null=True)
    count = models.BigIntegerField(_("count"), default=1)
    line = models.TextField(_("line"))
    last_line = models.TextField(_("last line"), blank=True, default="")
    before = ArrayField(models.TextField(), default=list, verbose_name=_("lines before"))
    after = ArrayField(models.TextField(), default=list, verbose_name=_("lines after"))
    told_at = models.DateTimeField(null=True, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("log finding")
        verbose_name_plural = _("log findings")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "pattern"],
                condition=Q(over_at=None),
                name="log_finding_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_finding_newest"),
            models.Index(fields=["pattern", "-at"], name="log_finding_of_pattern"),
            models.Index(fields=["source", "-at"], name="log_finding_of_source"),
            models.Index(fields=["template"], name="log_finding_of_template"),
            BrinIndex(fields=["last_at"], name="log_finding_by_age"),
        ]

    def __str__(self) -> str:
        return self.line[:100]

    def get_absolute_url(self) -> str:
        return reverse("monitoring:log_finding", args=[self.pk])

    @property
    def key(self) -> str:
        """Of its alert: one open for a pattern and a log."""
        if self.pattern_id:
            return f"log:{self.pattern_id}:{self.source_id}"
        return f"log-template:{self.template_id}"
