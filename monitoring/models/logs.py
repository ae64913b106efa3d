"""Logs that are followed, and what is looked for in them."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from core.severity import CHOICES
from monitoring.domain.logs import patterns
from monitoring.domain.logs.addresses import fault_of_address


class LogKind(models.TextChoices):
    FILE = "file", _("file")
    JOURNAL = "journal", _("systemd's journal")
    SYSLOG = "syslog", _("syslog receiver")
    HTTP = "http", _("HTTP receiver")


class LogSource(models.Model):
    """A log that is followed. What the watcher knows of it is written by the watcher alone."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=LogKind, default=LogKind.FILE)
    place = models.CharField(
        _("location"), max_length=500, blank=True,
        help_text=_("File: a path, or a pattern such as /var/log/app/*.log. Journal: units, or nothing for all. Syslog: host:port."),
    )  # fmt: skip
    service = models.ForeignKey(
        "teams.Service", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("service"),
    )  # fmt: skip
    enabled = models.BooleanField(_("enabled"), default=True)
    from_start = models.BooleanField(
        _("read what is there already"), default=False,
        help_text=_("Otherwise what is written from now on."),
    )  # fmt: skip
    tell_new = models.BooleanField(
        _("alert for new kinds of errors"), default=False,
        help_text=_("As P3. The first day teaches what is usual."),
    )  # fmt: skip
    integration = models.OneToOneField(
        "monitoring.Integration", models.SET_NULL, null=True, blank=True, editable=False,
        related_name="log_source",
    )  # fmt: skip
    begun_at = models.DateTimeField(null=True, editable=False)
    last_at = models.DateTimeField(_("last line"), null=True, editable=False)
    lines = models.BigIntegerField(_("lines"), default=0, editable=False)
    errors = models.BigIntegerField(_("errors"), default=0, editable=False)
    lost = models.BigIntegerField(_("lost"), default=0, editable=False)  # messages or bytes, known
    cut = models.BigIntegerField(default=0, editable=False)  # longer lines than are kept
    lag_seconds = models.FloatField(_("behind (s)"), default=0, editable=False)
    lag_bytes = models.BigIntegerField(default=0, editable=False)
    trouble = models.CharField(max_length=300, blank=True, default="", editable=False)
    trouble_since = models.DateTimeField(null=True, editable=False)
    told = models.BooleanField(default=False, editable=False)  # its alert is open
    cursor = models.CharField(max_length=500, blank=True, default="", editable=False)  # journald's
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("log")
        verbose_name_plural = _("logs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:log_source", args=[self.pk])

    def clean(self) -> None:
        if fault := fault_of_address(self.kind, self.place):
            raise ValidationError({"place": fault})


class LogFile(models.Model):
    """How far a file was read. The mark is of the last bytes before: a file that was overwritten has others."""

    source = models.ForeignKey(LogSource, models.CASCADE, related_name="files", db_index=False)
    path = models.TextField()
    device = models.BigIntegerField()
    inode = models.BigIntegerField()
    position = models.BigIntegerField()
    mark = models.CharField(max_length=40)

    class Meta:
        constraints = [
            # Numbers of a deleted file are given away again, so the path is no key and neither is one alone.
            models.UniqueConstraint(fields=["source", "device", "inode"], name="log_file_once")
        ]

    def __str__(self) -> str:
        return self.path


class LogPattern(Named):
    slug = models.SlugField(max_length=60, blank=True, editable=False)  # of those we brought
    kind = models.CharField(
        _("kind"), max_length=10, default=patterns.WORDS,
        choices=[(patterns.WORDS, _("words")), (patterns.REGEX, _("expression (RE2)"))],
    )  # fmt: skip
    text = models.CharField(
        _("looked for"), max_length=patterns.LONGEST,
        help_text=_("Words: all of them must be in the line, “in quotes” as one, capitals or not."),
    )  # fmt: skip
    exclude = models.CharField(
        _("but not"), max_length=patterns.LONGEST, blank=True,
        help_text=_("An expression. Lines that fit it do not count."),
    )  # fmt: skip
    severity = models.CharField(
        _("severity"), max_length=2, choices=CHOICES, blank=True,
        help_text=_("Without one it is kept here, and nobody is told."),
    )  # fmt: skip
    count = models.PositiveSmallIntegerField(_("times"), default=1)
    within = models.DurationField(_("within"), default=timedelta(minutes=5))
    cooldown = models.DurationField(
        _("over when quiet for"), default=timedelta(minutes=15),
        help_text=_("Until then all matches are one alert."),
    )  # fmt: skip
    source = models.ForeignKey(
        LogSource, models.CASCADE, null=True, blank=True, related_name="patterns",
        verbose_name=_("log"), help_text=_("None: all logs."),
    )  # fmt: skip
    service = models.ForeignKey(
        "teams.Service", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("service"), help_text=_("None: that of the log."),
    )  # fmt: skip
    enabled = models.BooleanField(_("enabled"), default=True)
    matched = models.BigIntegerField(_("matched"), default=0, editable=False)
    last_at = models.DateTimeField(_("last match"), null=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("log pattern")
        verbose_name_plural = _("log patterns")
        ordering = ["name_ko", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=~Q(slug=""), name="log_pattern_brought_once"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("monitoring:log_pattern", args=[self.pk])

    def clean(self) -> None:
        faults: dict[str, Any] = {}
        if fault := patterns.fault_of(self.kind, self.text):
            faults["text"] = fault
        if self.exclude and (fault := patterns.fault_of(patterns.REGEX, self.exclude)):
            faults["exclude"] = fault
        if self.count is not None and not 1 <= self.count <= patterns.MOST:
            faults["count"] = _("From 1 to %(most)s.") % {"most": patterns.MOST}
        if faults:
            raise ValidationError(faults)

    @property
    def looked_for(self) -> patterns.Pattern:
        return patterns.Pattern(
            self.pk or 0, self.kind, self.text, self.exclude, self.severity, self.count,
            self.within.total_seconds(), self.cooldown.total_seconds(), self.source_id,
        )  # fmt: skip


class LogBatch(models.Model):
    """Lines that came by HTTP, masked at the door, until the watcher has read them."""

    source = models.ForeignKey(LogSource, models.CASCADE, related_name="batches")
    at = models.DateTimeField()
    lines = models.TextField()
    size = models.IntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.size}"
