"""Times of quiet: alerts are stored and shown, and nobody is called."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.domain.matching import Matcher, read_json, written
from monitoring.domain.quiet import Rule, SilenceRule, WindowRule
from monitoring.models.integration import Integration
from teams.models import Service


class QuietQuerySet(models.QuerySet[Any]):
    def active(self, at: datetime) -> Self:
        return self.filter(expired_at=None, starts_at__lte=at, ends_at__gt=at)

    def pending(self, at: datetime) -> Self:
        return self.filter(expired_at=None, starts_at__gt=at)

    def over(self, at: datetime) -> Self:
        return self.filter(Q(expired_at__isnull=False) | Q(ends_at__lte=at))

    def in_force_since(self, since: datetime) -> Self:
        """Whatever was in force at some time after this."""
        return self.filter(Q(expired_at=None) | Q(expired_at__gt=since), ends_at__gt=since)


class QuietTime(models.Model):
    on_alert: ClassVar[str]  # the field by which an alert names what keeps it quiet

    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    expired_at = models.DateTimeField(_("ended early at"), null=True)
    created_by = models.CharField(_("made by"), max_length=150)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created at"))
    begun = models.BooleanField(default=False)  # the alerts open when it began were looked through

    objects = QuietQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="%(class)s_ends_after_it_starts"
            )
        ]
        indexes = [
            models.Index(
                fields=["ends_at"], condition=Q(expired_at=None), name="%(class)s_in_force"
            ),
            models.Index(fields=["starts_at"], condition=Q(begun=False), name="%(class)s_to_begin"),
        ]  # fmt: skip

    @property
    def over_at(self) -> datetime:
        return min(filter(None, (self.expired_at, self.ends_at)))

    def state(self, at: datetime) -> str:
        """In Alertmanager's words."""
        if self.over_at <= at:
            return "expired"
        return "pending" if self.starts_at > at else "active"

    def rule(self) -> Rule:
        raise NotImplementedError


class Silence(QuietTime):
    """Alerts with these labels call nobody until it ends."""

    on_alert = "silence"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    integration = models.ForeignKey(
        Integration, models.CASCADE, null=True, blank=True, related_name="silences",
        verbose_name=_("integration"),
    )  # fmt: skip
    matchers = models.JSONField(_("matchers"))
    comment = models.TextField(_("why"), blank=True, default="")

    class Meta(QuietTime.Meta):
        verbose_name = _("silence")
        verbose_name_plural = _("silences")

    def __str__(self) -> str:
        return ", ".join(map(str, self.parsed))

    @property
    def parsed(self) -> list[Matcher]:
        return read_json(self.matchers)

    @property
    def lines(self) -> str:
        return written(self.parsed)

    def rule(self) -> SilenceRule:
        return SilenceRule(
            self.pk, self.starts_at, self.over_at, self.parsed, self.integration_id
        )  # fmt: skip


class MaintenanceWindow(QuietTime):
    """Somebody works on these services: what they say meanwhile calls nobody."""

    on_alert = "window"

    name = models.CharField(_("what is done"), max_length=200)
    services = models.ManyToManyField(Service, blank=True, verbose_name=_("services"))
    p0_breaks_through = models.BooleanField(_("P0 calls all the same"), default=True)

    class Meta(QuietTime.Meta):
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")

    def __str__(self) -> str:
        return self.name

    def rule(self) -> WindowRule:
        services = frozenset(service.pk for service in self.services.all())
        return WindowRule(
            self.pk, self.starts_at, self.over_at, services, self.p0_breaks_through
        )  # fmt: skip
