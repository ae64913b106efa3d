from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import BrinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import tokens
from core.severity import CHOICES
from monitoring.domain.alerts import KEEP_ONLY, faults_of
from monitoring.registry import integration_choices, sources

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
    return integration_choices()


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
    flap_count = models.PositiveSmallIntegerField(
        _("flapping after"), default=4,
        help_text=_("So many ends of one alert within the time below; 0 for never."),
    )  # fmt: skip
    flap_window = models.DurationField(_("flapping within"), default=timedelta(minutes=15))
    signed = models.BooleanField(
        _("only what is signed"),
        default=False,
        help_text=_("For Grafana: refuse what is not signed with the secret shown at the token."),
    )
    drill = models.BooleanField(
        _("for drills"),
        default=False,
        help_text=_(
            "What it sends opens drills: people are paged with that word, no figure counts them, and nobody outside is told."
        ),
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
