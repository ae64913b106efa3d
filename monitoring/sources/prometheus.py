import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from monitoring.domain.alerts import Signal
from monitoring.registry import sources
from monitoring.source import JSON, Answer, BadPayload, Call, Source, flat, moment
from monitoring.sources.alertmanager import signal_from

RESOLVE_TIMEOUT: Final = timedelta(minutes=5)  # Alertmanager's own default when endsAt is missing


@sources.register("prometheus")
class Prometheus(Source):
    """Alertmanager's API v2, so that prometheus.yml can name us as an Alertmanager.

    Prometheus never retries a lost batch but sends every minute: `endsAt` is a time to live.
    """

    path = "ingest/prometheus/<token>/api/v2/alerts"

    def signals(self, call: Call) -> Sequence[Signal]:
        payload = call.payload
        if not isinstance(payload, list):
            raise BadPayload("the body must be an array of alerts, as in Alertmanager's API v2")
        return [self._signal(alert, place, call.at) for place, alert in enumerate(payload)]

    def _signal(self, alert: JSON, place: int, at: datetime) -> Signal:
        labels = flat(alert.get("labels")) if isinstance(alert, Mapping) else {}
        if not labels:
            raise BadPayload(f"[{place}] has no labels")
        ends = moment(alert.get("endsAt")) or at + RESOLVE_TIMEOUT
        over = ends <= at
        said = signal_from(alert, key=fingerprint(labels), resolved=over)
        return said if over else Signal(**{**vars(said), "expires_at": ends})

    def refused(self, status: int, reasons: Sequence[str]) -> Answer:
        return Answer(status, "; ".join(reasons))

    def addressed(self, base_url: str, token: str) -> str:
        return f"{base_url}/ingest/prometheus/{token}/api/v2/alerts"


def fingerprint(labels: Mapping[str, str]) -> str:
    """The identity of an alert is its label set; Prometheus does not send one, so we make it."""
    return hashlib.sha256(json.dumps(labels, sort_keys=True).encode()).hexdigest()[:32]
