"""Alert rules, what each says about its targets now, and when it fired."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named, in_language
from core.fields import WebAddress
from core.severity import CHOICES
from monitoring.built_in_runbooks import RUNBOOKS
from monitoring.domain.matching import BadMatcher, Matcher, read_lines
from monitoring.domain.rules import KINDS, BadRule, Change, Judge, Lasting, Stance, State
from monitoring.models.metrics import Metric
from teams.models import Service


class RuleKind(models.TextChoices):
    THRESHOLD = "threshold", _("threshold")
    RATE = "rate", _("rate of change")
    CHANGE = "change", _("compared with earlier days")
    ABSENCE = "absence", _("no data")
    RATIO = "ratio", _("share of another metric")
    FORECAST = "forecast", _("forecast")
    ANOMALY = "anomaly", _("anomaly")
    COMPOSITE = "composite", _("several rules together")


class Rule(Named):
    """Judges every metric of its name whose labels fit, each on its own."""

    kind = models.CharField(_("kind"), max_length=12, choices=RuleKind, default=RuleKind.THRESHOLD)
    metric = models.CharField(_("metric"), max_length=200, blank=True)
    matchers = models.TextField(
        _("labels"), blank=True, max_length=8000,
        help_text=_("A label a line: label=value, also != and, for regular expressions, =~ and !~. Empty: all."),
    )  # fmt: skip
    params = models.JSONField(_("parameters"), default=dict)
    lasts = models.DurationField(_("lasts for"), default=timedelta(0))
    clears = models.DurationField(_("over after"), default=timedelta(0))
    severity = models.CharField(_("severity"), max_length=2, choices=CHOICES, default="P2")
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("service"), help_text=_("Empty: the metric's own."),
    )  # fmt: skip
    title_ko = models.CharField(_("title (Korean)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    message_ko = models.TextField(_("message (Korean)"), max_length=2000, blank=True)
    message_en = models.TextField(_("message (English)"), max_length=2000, blank=True)
    runbook_url = WebAddress(_("runbook"), max_length=500, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    built_in = models.CharField(max_length=60, blank=True, editable=False)  # the one it came from
    edited = models.BooleanField(
        _("changed by a person"), default=False, editable=False
    )  # by a person, since then
    judged_at = models.DateTimeField(null=True, editable=False)
    awake_since = models.DateTimeField(null=True, editable=False)  # the tick, without a break
    targets = models.PositiveIntegerField(_("targets"), default=0, editable=False)  # at that time

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering = ["severity", "name_ko", "pk"]
        constraints = [
            # Planting twice must not make two of them.
            models.UniqueConstraint(
                fields=["built_in"], condition=~Q(built_in=""), name="one_rule_of_a_built_in"
            ),
            models.CheckConstraint(
                condition=Q(lasts__gte=timedelta(0), clears__gte=timedelta(0)),
                name="rules_look_forward",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("monitoring:rule", args=[self.pk])

    @property
    def title(self) -> str:
        return in_language(self.title_ko, self.title_en)

    @property
    def message(self) -> str:
        return in_language(self.message_ko, self.message_en)

    @cached_property
    def judge(self) -> Judge:
        """Raises BadRule."""
        judge = KINDS[self.kind].read(self.params)
        if isinstance(judge, Change):
            return replace(judge, zone=ZoneInfo(settings.TIME_ZONE))
        return judge

    @cached_property
    def labelled(self) -> list[Matcher]:
        """Raises BadMatcher."""
        return read_lines(self.matchers)

    @property
    def against(self) -> str:
        """The other metric, of which this one is a share."""
        return str(self.params.get("against", "")) if self.kind == RuleKind.RATIO else ""

    @cached_property
    def labelled_against(self) -> list[Matcher]:
        return read_lines(self.params.get("against_matchers", ""))

    @property
    def runbook(self) -> str:
        """Its own, or the page that comes with the built-in rule."""
        if self.runbook_url or self.built_in not in RUNBOOKS:
            return self.runbook_url
        return f"{settings.BASE_URL}{reverse('monitoring:runbook', args=[self.pk])}"

    @property
    def sound(self) -> bool:
        """One that no form let through must stop neither the other rules nor a page."""
        try:
            return bool(self.judge) and None not in (self.labelled, self.labelled_against)
        except (BadRule, BadMatcher, KeyError):
            return False

    @property
    def lasting(self) -> Lasting:
        return Lasting(self.lasts.total_seconds(), self.clears.total_seconds())

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        faults: dict[str, str] = {}
        try:
            read_lines(self.matchers)
        except BadMatcher as bad:
            reason = _now(bad.reason)
            faults["matchers"] = f"{bad.part}: {reason}" if bad.part else reason
        try:
            KINDS[self.kind].read(self.params)
        except (BadRule, KeyError) as bad:
            faults["params"] = str(bad)
        super().clean_fields(exclude)
        if faults := {name: text for name, text in faults.items() if name not in (exclude or ())}:
            raise ValidationError(faults)


class RuleState(models.Model):
    """What a rule says about one target. No row: all is well."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="states", db_index=False)
    metric = models.ForeignKey(Metric, models.CASCADE, null=True, related_name="rule_states")
    state = models.CharField(
        _("state"), max_length=8, choices=[(state.value, state.value) for state in State]
    )
    since = models.DateTimeField(_("since"))
    value = models.FloatField(_("value"), null=True)
    fired_at = models.DateTimeField(null=True)  # while its alert is open
    clear_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("state of a rule")
        verbose_name_plural = _("states of rules")
        constraints = [
            # Of two workers the slower one must find the row of the faster one.
            models.UniqueConstraint(
                fields=["rule", "metric"], nulls_distinct=False, name="one_state_of_a_target"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.metric_id}: {self.state}"

    @property
    def stance(self) -> Stance:
        return Stance(
            State(self.state), self.since.timestamp(), _seconds(self.fired_at),
            _seconds(self.clear_since),
        )  # fmt: skip


class RuleFiring(models.Model):
    """Each time a rule fired: what its page counts and marks."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="firings", db_index=False)
    metric = models.ForeignKey(Metric, models.CASCADE, null=True, related_name="+")
    fired_at = models.DateTimeField(_("fired at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    value = models.FloatField(_("value"), null=True)

    class Meta:
        verbose_name = _("firing")
        verbose_name_plural = _("firings")
        ordering = ["-fired_at", "-pk"]
        indexes = [models.Index(F("rule"), F("fired_at").desc(), name="firing_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "metric"], condition=Q(ended_at=None), nulls_distinct=False,
                name="one_firing_at_a_time",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.metric_id} {self.fired_at:%Y-%m-%d %H:%M:%S}"


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None
