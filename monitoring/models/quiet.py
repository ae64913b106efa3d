"""Times of quiet: alerts are stored and shown, and nobody is called."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.domain.matching import Matcher, read_json, written
from monitoring.domain.quiet import SilenceRule
from monitoring.models.integration import Integration


class SilenceQuerySet(models.QuerySet["Silence"]):
    def active(self, at: datetime) -> "SilenceQuerySet":
        return self.filter(expired_at=None, starts_at__lte=at, ends_at__gt=at)

    def pending(self, at: datetime) -> "SilenceQuerySet":
        return self.filter(expired_at=None, starts_at__gt=at)

    def over(self, at: datetime) -> "SilenceQuerySet":
        return self.filter(Q(expired_at__isnull=False) | Q(ends_at__lte=at))

    def in_force_since(self, since: datetime) -> "SilenceQuerySet":
        """Whatever was in force at some time after this."""
        return self.filter(Q(expired_at=None) | Q(expired_at__gt=since), ends_at__gt=since)


class Silence(models.Model):
    """Alerts with these labels call nobody until it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    integration = models.ForeignKey(
        Integration, models.CASCADE, null=True, blank=True, related_name="silences",
        verbose_name=_("integration"),
    )  # fmt: skip
    matchers = models.JSONField(_("matchers"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    expired_at = models.DateTimeField(_("ended early at"), null=True)
    comment = models.TextField(_("why"), blank=True, default="")
    created_by = models.CharField(_("made by"), max_length=150)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created at"))
    begun = models.BooleanField(default=False)  # the alerts open when it began were looked through

    objects = SilenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("silence")
        verbose_name_plural = _("silences")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="silence_ends_after_it_starts"
            )
        ]
        indexes = [
            models.Index(
                fields=["ends_at"], condition=Q(expired_at=None), name="silence_in_force"
            ),
            models.Index(
                fields=["starts_at"], condition=Q(begun=False), name="silence_to_begin"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return ", ".join(map(str, self.parsed))

    @property
    def parsed(self) -> list[Matcher]:
        return read_json(self.matchers)

    @property
    def lines(self) -> str:
        return written(self.parsed)

    @property
    def over_at(self) -> datetime:
        return min(filter(None, (self.expired_at, self.ends_at)))

    def rule(self) -> SilenceRule:
        return SilenceRule(
            self.pk, self.starts_at, self.over_at, self.parsed, self.integration_id
        )  # fmt: skip

    def state(self, at: datetime) -> str:
        """In Alertmanager's words."""
        if self.over_at <= at:
            return "expired"
        return "pending" if self.starts_at > at else "active"
