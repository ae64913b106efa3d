"""What the alert of a rule says, and that it is over."""

from datetime import UTC, datetime

from django.conf import settings

from monitoring.anomaly_words import explained, rarity
from monitoring.domain.alerts import Signal
from monitoring.domain.rules import Firing
from monitoring.domain.rules.wording import figure, filled
from monitoring.models import Anomaly, Rule
from monitoring.rule_words import condition
from monitoring.services.ours import in_each_language
from monitoring.services.targeting import Case, Measured


@in_each_language
def began(case: Case, firing: Firing, strange: Anomaly | None = None) -> Signal:
    rule, metric = case.rule, case.metric
    labels = metric.labels if metric else {}
    title, message = worded(rule, metric, firing.value)
    why = f"{explained(strange)} {rarity(strange)}".strip() if strange else ""
    description = "\n".join(filter(None, [message, why, condition(rule)]))
    return Signal(
        key=key(rule.pk, metric and metric.pk),
        title=title[:500],
        description=description,
        severities=[rule.severity],
        service=rule.service.slug if rule.service else _service(metric),
        group=f"rule:{rule.pk}",
        labels=labels | _named(rule, metric),
        started_at=datetime.fromtimestamp(firing.fired_at, UTC),
        url=f"{settings.BASE_URL}{rule.get_absolute_url()}{_shown(metric)}",
        runbook_url=rule.runbook,
    )


def worded(rule: Rule, metric: Measured | None, value: float) -> tuple[str, str]:
    """Title and message, in the reader's language."""
    facts, labels = _facts(rule, metric, value), metric.labels if metric else {}
    return filled(rule.title or rule.name, facts, labels), filled(rule.message, facts, labels)


def ended(rule: int, metric: int | None) -> Signal:
    return Signal(key=key(rule, metric), title="", resolved=True)


def key(rule: int, metric: int | None) -> str:
    return f"rule:{rule}:{metric or ''}"


def _shown(metric: Measured | None) -> str:
    """So that the page of the rule begins with the metric the alert is about."""
    return f"?metric={metric.pk}" if metric else ""


def _named(rule: Rule, metric: Measured | None) -> dict[str, str]:
    """By numbers: the way to the rule, and to the metric whose chart goes with the alert."""
    about = {"metric": str(metric.pk), "metric_name": metric.name} if metric else {}
    return {"alertname": rule.name_en, "rule": str(rule.pk)} | about


def _facts(rule: Rule, metric: Measured | None, value: float) -> dict[str, str]:
    return {
        "name": rule.name,
        "value": figure(value),
        "threshold": figure(rule.judge.bar.limit),
        "metric": str(metric) if metric else "",
    }


def _service(metric: Measured | None) -> str:
    if metric is None:
        return ""
    return metric.service or metric.labels.get("service", "")
