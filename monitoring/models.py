from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import BrinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core import tokens
from core.severity import CHOICES
from monitoring.domain.alerts import FIRING, KEEP_ONLY, RESOLVED, faults_of
from monitoring.registry import sources

if TYPE_CHECKING:
    from monitoring.source import Source

SEVERITY_WORDS = {
    "critical": "P0", "fatal": "P0", "emergency": "P0", "page": "P0",
    "high": "P1", "error": "P1", "major": "P1",
    "warning": "P2", "warn": "P2", "moderate": "P2", "medium": "P2",
    "low": "P3", "minor": "P3", "info": "P3", "informational": "P3",
    "none": KEEP_ONLY, "debug": KEEP_ONLY,
}  # fmt: skip


def default_severity_map() -> dict[str, str]:
    return dict(SEVERITY_WORDS)


def severity_choices() -> list[tuple[str, str | Promise]]:
    return [*CHOICES, (KEEP_ONLY, _("keep without an incident"))]


def source_choices() -> list[tuple[str, str]]:
    return sources.choices()


class Integration(models.Model):
    """One sender of alerts: its token, and how its words become our severities and groups."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    source = models.CharField(_("source"), max_length=40, choices=source_choices)
    token_prefix = models.CharField(_("token begins with"), max_length=8, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    enabled = models.BooleanField(_("enabled"), default=True)
    default_service = models.ForeignKey(
        "teams.Service",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service when none is named"),
    )
    severity_map = models.JSONField(
        _("severities"),
        default=default_severity_map,
        help_text=_("The sender's word (lower case) → P0 … P3, or none to keep the alert only."),
    )
    default_severity = models.CharField(
        _("severity when none is known"), max_length=4, choices=severity_choices, default="P2"
    )
    group_window = models.DurationField(
        _("grouping window"),
        default=timedelta(hours=1),
        help_text=_("An alert of the same service and group joins the open incident within this."),
    )
    auto_resolve = models.BooleanField(
        _("resolve when all alerts have"),
        default=False,
        help_text=_("Otherwise the incident proposes it and a person decides."),
    )
    signed = models.BooleanField(
        _("only what is signed"),
        default=False,
        help_text=_("For Grafana: refuse what is not signed with the secret shown at the token."),
    )
    topic = models.CharField(
        _("topic (ARN)"),
        max_length=255,
        blank=True,
        help_text=_("For Amazon SNS: the one topic that is believed, and whose confirmation is."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if faults := faults_of(self.severity_map):
            text = _("Write words in lower case and one of P0, P1, P2, P3, none: %(faults)s")
            error = ValidationError(text, params={"faults": ", ".join(faults)})
            raise ValidationError({"severity_map": error})
        if self.source in sources:
            self._fits(sources[self.source])

    def _fits(self, source: "Source") -> None:
        if self.signed and not source.can_sign:
            raise ValidationError({"signed": _("This source does not sign what it sends.")})
        if source.wants_topic and not self.topic:
            raise ValidationError({"topic": _("Name the topic: alerts of others are refused.")})

    def new_token(self) -> str:
        """Set a fresh token and return it: the only time it is seen."""
        token = tokens.new_token()
        self.token_prefix, self.token_hash = token[:4], tokens.hashed(token)
        return token

    @property
    def signing_secret(self) -> str:
        """Made of our own key each time, so that no secret of a sender lies in the database."""
        return salted_hmac("monitoring.signing", self.token_hash, algorithm="sha256").hexdigest()


class Payload(models.Model):
    """What a sender really sent, byte for byte; the bad ones with the reason they were refused."""

    # No constraint here and on alerts: its check locks the one integration row for every alert, and
    # sixteen senders would wait for each other.
    integration = models.ForeignKey(
        Integration, models.CASCADE, related_name="payloads", db_constraint=False, db_index=False
    )
    received_at = models.DateTimeField(_("received at"))
    body = models.BinaryField(_("body"))
    error = models.TextField(_("refused because"), blank=True, default="")

    class Meta:
        verbose_name = _("payload")
        verbose_name_plural = _("payloads")
        indexes = [
            BrinIndex(fields=["received_at"], name="payload_by_age"),  # pruned by age
            models.Index(
                fields=["-id"], condition=~Q(error=""), name="payload_refused"
            ),  # the console's list of bad ones
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M:%S}"


class HeardMessage(models.Model):
    """A message that its sender may repeat has been heard: what it said is not done again."""

    integration = models.ForeignKey(Integration, models.CASCADE, related_name="+", db_index=False)
    message_id = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["integration", "message_id"], name="heard_once")
        ]
        indexes = [BrinIndex(fields=["at"], name="heard_by_age")]

    def __str__(self) -> str:
        return self.message_id


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> "AlertQuerySet":
        return self.filter(resolved_at=None)

    def search(self, words: str) -> "AlertQuerySet":
        return self.filter(Q(title__icontains=words) | Q(key=words) | Q(service__icontains=words))


class Alert(models.Model):
    integration = models.ForeignKey(
        Integration, models.CASCADE, related_name="alerts", db_constraint=False, db_index=False
    )
    # Not a constraint: payloads are pruned by age, alerts are not.
    payload = models.ForeignKey(
        Payload, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    key = models.CharField(_("dedup key"), max_length=255)
    title = models.TextField(_("title"))
    description = models.TextField(_("description"), blank=True, default="")
    severity = models.CharField(_("severity"), max_length=4, choices=severity_choices)
    service = models.CharField(_("service"), max_length=80, blank=True, default="")
    group = models.CharField(_("group"), max_length=255, blank=True, default="")
    labels = models.JSONField(_("labels"), default=dict)
    url = models.TextField(blank=True, default="")
    runbook_url = models.TextField(blank=True, default="")
    started_at = models.DateTimeField(_("started at"))
    received_at = models.DateTimeField(_("received at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    expires_at = models.DateTimeField(_("expires at"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged by the sender at"), null=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    expired = models.BooleanField(_("expired, not resolved"), default=False)
    count = models.PositiveIntegerField(_("times"), default=1)
    unread = models.BooleanField(default=True)  # incidents have not looked at its newest change

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-id"]
        constraints = [
            # At most one open alert per sender and key, whatever races: repeats fold into it.
            models.UniqueConstraint(
                fields=["integration", "key"], condition=Q(resolved_at=None), name="one_open_alert"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(unread=True), name="alert_unread"),
            models.Index(
                fields=["expires_at"],
                condition=Q(resolved_at=None, expires_at__isnull=False),
                name="alert_expiring",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def status(self) -> str:
        return RESOLVED if self.resolved_at else FIRING


ALERT_STATUS = {FIRING: gettext_noop("firing"), RESOLVED: gettext_noop("resolved")}
