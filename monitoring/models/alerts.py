from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.bilingual import Told
from monitoring.domain.alerts import FIRING, RESOLVED, SILENCED
from monitoring.domain.quiet import known_labels
from monitoring.models.integration import Integration, severity_choices
from monitoring.models.quiet import MaintenanceWindow, Silence
from monitoring.models.routes import Route


class Payload(models.Model):
    """What a sender really sent, byte for byte; the bad ones with the reason they were refused."""

    # No constraint here and on alerts: its check locks the one integration row for every alert, and
    # sixteen senders would wait for each other.
    integration = models.ForeignKey(
        Integration,
        models.CASCADE,
        related_name="payloads",
        db_constraint=False,
        db_index=False,
        verbose_name=_("integration"),
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


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> "AlertQuerySet":
        return self.filter(resolved_at=None)

    def in_state(self, state: str) -> "AlertQuerySet":
        """As people ask for them (`STATES`); all, where nothing is asked."""
        if state == SILENCED:
            return self.open().filter(muted_until__isnull=False)
        if state in {FIRING, RESOLVED}:
            return self.filter(resolved_at__isnull=state == FIRING)
        return self

    def of_metric(self, *metrics: int) -> "AlertQuerySet":
        rows = self.annotate(metric=KT("labels__metric")).filter(labels__has_key="metric")
        return rows.filter(metric__in=[str(metric) for metric in metrics])

    def search(self, words: str) -> "AlertQuerySet":
        named = Q(title__icontains=words) | Q(key=words) | Q(service__icontains=words)
        for language, _name in settings.LANGUAGES:
            named |= Q(**{f"translations__{language}__title__icontains": words})
        return self.filter(named)


class Alert(Told):
    integration = models.ForeignKey(
        Integration,
        models.CASCADE,
        related_name="alerts",
        db_constraint=False,
        db_index=False,
        verbose_name=_("integration"),
    )
    # Not a constraint: payloads are pruned by age, alerts are not.
    payload = models.ForeignKey(
        Payload,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("as it was sent"),
    )
    key = models.CharField(_("dedup key"), max_length=255)
    title = models.TextField(_("title"))
    description = models.TextField(_("description"), blank=True, default="")
    severity = models.CharField(_("severity"), max_length=4, choices=severity_choices)
    service = models.CharField(_("service"), max_length=80, blank=True, default="")
    group = models.CharField(_("group"), max_length=255, blank=True, default="")
    labels = models.JSONField(_("labels"), default=dict)
    url = models.TextField(_("link"), blank=True, default="")
    runbook_url = models.TextField(_("runbook"), blank=True, default="")
    started_at = models.DateTimeField(_("started at"))
    received_at = models.DateTimeField(_("received at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    expires_at = models.DateTimeField(_("expires at"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged by the sender at"), null=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    expired = models.BooleanField(_("expired, not resolved"), default=False)
    count = models.PositiveIntegerField(_("times"), default=1)
    muted_until = models.DateTimeField(_("silent until"), null=True)  # judged when it was read
    # What kept it quiet, also after that ended. No constraint: it is not worth a lock for an alert.
    silence = models.ForeignKey(
        Silence,
        models.SET_NULL,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("silence"),
    )
    window = models.ForeignKey(
        MaintenanceWindow, models.SET_NULL, null=True, db_constraint=False, db_index=False,
        related_name="+", verbose_name=_("maintenance window"),
    )  # fmt: skip
    because_of = models.ForeignKey(  # what it stands on is down, and called
        "self",
        models.SET_NULL,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("because of"),
    )
    team_id: int | None = None  # of its route, until it is read again; not stored
    route = models.ForeignKey(
        Route,
        models.SET_NULL,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("route"),
    )
    # How often its key had ended in a short time when it was read; 0: not so often.
    flaps = models.PositiveSmallIntegerField(_("came and went"), db_default=0, default=0)
    calm_at = models.DateTimeField(
        _("calm again at"), null=True
    )  # then its flapping is over, if it stays away
    has_calmed = False  # for whoever reads it then; not kept
    unread = models.BooleanField(
        _("not read by incidents yet"), default=True
    )  # incidents have not looked at its newest change

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
            models.Index(
                fields=["muted_until"],
                condition=Q(resolved_at=None, muted_until__isnull=False),
                name="alert_muted",
            ),
            models.Index(
                fields=["service"], condition=Q(resolved_at=None, muted_until=None),
                name="alert_calling",
            ),
            models.Index(
                fields=["because_of"], condition=Q(resolved_at=None, because_of__isnull=False),
                name="alert_depending",
            ),
            BrinIndex(fields=["received_at"], name="alert_by_age"),  # what came in the last days
            models.Index(
                fields=["integration", "key", "resolved_at"],
                condition=Q(resolved_at__isnull=False),
                name="alert_endings",
            ),
            models.Index(  # ours that name the metric they are about
                KT("labels__metric"), F("started_at").desc(), condition=Q(labels__has_key="metric"),
                name="alert_of_metric",
            ),
            models.Index(
                fields=["calm_at"], condition=Q(calm_at__isnull=False), name="alert_to_calm"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.heading

    @cached_property
    def known_labels(self) -> dict[str, str]:
        """Its labels, with the usual ones where the sender named none."""
        return known_labels(
            self.labels,
            alertname=self.group or self.title,
            title=self.title,
            service=self.service,
            severity=self.severity,
            integration=self.integration.name,
        )

    @property
    def runbook(self) -> str:
        """Senders write what they like; only what a browser opens becomes a link."""
        return self.runbook_url if self.runbook_url.startswith(("http://", "https://")) else ""

    @property
    def names_metric(self) -> int | None:
        """The number of the metric that it is about, where it says so."""
        return self._number("metric")

    @property
    def names_rule(self) -> int | None:
        """The number of the rule that fired, where it says so."""
        return self._number("rule")

    def _number(self, label: str) -> int | None:
        named = str(self.labels.get(label, ""))
        return int(named) if named.isascii() and named.isdecimal() and len(named) < 19 else None

    @property
    def ended_quiet(self) -> bool:
        """What it stands on was down for all its life, and it never called."""
        muted = self.muted_until if self.because_of_id else None
        return bool(muted and self.resolved_at and self.resolved_at <= muted)

    @property
    def status(self) -> str:
        return RESOLVED if self.resolved_at else FIRING


ALERT_STATUS = {FIRING: gettext_noop("firing"), RESOLVED: gettext_noop("resolved")}
