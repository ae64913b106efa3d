import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from monitoring.domain.alerts import Signal
from monitoring.registry import sources
from monitoring.source import JSON, Call, NotGenuine, Source, first, flat, text
from monitoring.sources.alertmanager import signal_of
from monitoring.sources.generic import plain_signal

if TYPE_CHECKING:
    from monitoring.models import Integration

SIGNATURE: Final = "X-Grafana-Alerting-Signature"
# Grafana lets its administrator name this one; these are the names its documentation uses.
TIMESTAMPS: Final = ("X-Grafana-Alerting-Signature-Timestamp", "X-Grafana-Alerting-Timestamp")
FRESH: Final = (
    300  # seconds a signature with a time is good for: what was overheard is not repeated
)


@sources.register("grafana")
class Grafana(Source):
    """Grafana's alerting webhook: Alertmanager's alerts, with links to the panel they come from.

    Its administrator may replace the body by a template of his own: then it is read as plain JSON.
    """

    path = "ingest/grafana/<token>/"
    methods = ("POST", "PUT")
    can_sign = True

    def vouch(self, call: Call, integration: "Integration") -> None:
        if not integration.signed:
            return
        said = call.headers.get(SIGNATURE, "").strip()
        stamp = next((call.headers[name] for name in TIMESTAMPS if name in call.headers), "")
        if stamp and not _is_fresh(stamp, call.at):
            raise NotGenuine(f"the time beside {SIGNATURE} is not within {FRESH} s of now")
        ours = signature(integration.signing_secret, call.body, stamp)
        if not hmac.compare_digest(ours.encode(), said.encode()):
            raise NotGenuine(f"{SIGNATURE} is missing or not made with this integration's secret")

    def signals(self, call: Call) -> Sequence[Signal]:
        payload = call.payload
        alerts = payload.get("alerts") if isinstance(payload, Mapping) else None
        if not isinstance(alerts, list):
            return [plain_signal(payload)]
        return [_signal(alert, place) for place, alert in enumerate(alerts)]


def signature(secret: str, body: bytes, stamp: str = "") -> str:
    signed = f"{stamp}:".encode() + body if stamp else body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _is_fresh(stamp: str, at: datetime) -> bool:
    seconds = int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) < 12 else 0
    return abs(at.timestamp() - seconds) <= FRESH


def _signal(alert: JSON, place: int) -> Signal:
    said = signal_of(alert, place)
    return replace(
        said,
        url=text(first(alert, "panelURL", "dashboardURL", "generatorURL")),
        description=said.description or _measured(alert),
        # The rule, where Grafana names the alert after what went wrong with its data source.
        group=said.labels.get("rulename") or said.group,
    )


def _measured(alert: Mapping[str, JSON]) -> str:
    """The figures behind the alert, for a rule that says nothing of its own."""
    values = flat(alert.get("values"))
    return ", ".join(f"{name} = {value}" for name, value in values.items())[:4096]
