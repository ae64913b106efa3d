from collections.abc import Mapping, Sequence

from monitoring.domain.alerts import Signal
from monitoring.registry import sources
from monitoring.source import JSON, BadPayload, Call, Source, first, flat, moment, text

SEVERITY_LABELS = ("priority", "severity", "level")
SERVICE_LABELS = ("service", "svc", "app", "application", "component")


def signal_from(alert: Mapping[str, JSON], *, key: str, resolved: bool) -> Signal:
    """One alert as Prometheus and Alertmanager describe it: labels and annotations."""
    labels, notes = flat(alert.get("labels")), flat(alert.get("annotations"))
    name = labels.get("alertname", "")
    return Signal(
        key=key,
        title=first(notes, "summary", "title") or name or "alert",
        resolved=resolved,
        description=first(notes, "description", "message") or "",
        severities=[labels[label] for label in SEVERITY_LABELS if label in labels],
        service=first(labels, *SERVICE_LABELS) or "",
        group=name,
        labels=labels,
        started_at=moment(alert.get("startsAt")),
        url=text(alert.get("generatorURL")),
        runbook_url=first(notes, "runbook_url", "runbook") or "",
    )


@sources.register("alertmanager")
class Alertmanager(Source):
    """Alertmanager's webhook, version 4. Each alert has its fingerprint; unknown fields are welcome."""

    path = "ingest/alertmanager/<token>/"

    def signals(self, call: Call) -> Sequence[Signal]:
        payload = call.payload
        alerts = payload.get("alerts") if isinstance(payload, Mapping) else None
        if not isinstance(alerts, list):
            raise BadPayload("'alerts' must be a list, as in Alertmanager's webhook version 4")
        return [signal_of(alert, place) for place, alert in enumerate(alerts)]


def signal_of(alert: JSON, place: int) -> Signal:
    """One alert of a webhook's list, which has its fingerprint and says whether it is over."""
    if not isinstance(alert, Mapping) or not isinstance(alert.get("labels"), Mapping):
        raise BadPayload(f"alerts[{place}] has no labels")
    key = text(alert.get("fingerprint"), 255)
    if not key:
        raise BadPayload(f"alerts[{place}] has no fingerprint")
    return signal_from(alert, key=key, resolved=alert.get("status") == "resolved")
