import re
import secrets
from collections.abc import Mapping, Sequence

from monitoring.domain.alerts import Signal
from monitoring.registry import sources
from monitoring.source import (
    JSON,
    Answer,
    BadPayload,
    Call,
    Source,
    Stored,
    first,
    flat,
    likeness,
    moment,
    text,
)

ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
# Alertmanager's notifier sends its labels as lines of text, and always "error" as the severity.
LABEL_LINE = re.compile(r"^ - ([A-Za-z_]\w*) = (.*)$", re.MULTILINE)


@sources.register("pagerduty")
class PagerDuty(Source):
    """PagerDuty's Events API v2: its clients change the host only, the routing key is our token."""

    path = "v2/enqueue"
    key_in_body = True

    def token_in(self, call: Call) -> str:
        key = call.payload.get("routing_key") if isinstance(call.payload, Mapping) else None
        return key if isinstance(key, str) else ""

    def signals(self, call: Call) -> Sequence[Signal]:
        payload = call.payload
        if reasons := _faults(payload):
            raise BadPayload(*reasons)
        event = payload.get("payload")
        return [_signal(payload, event if isinstance(event, Mapping) else {})]

    def accepted(self, call: Call, stored: Sequence[Stored]) -> Answer:
        return Answer(
            202,
            {"status": "success", "message": "Event processed", "dedup_key": stored[0].key},
        )

    def refused(self, status: int, reasons: Sequence[str]) -> Answer:
        if reasons == ["JSON parse error"]:
            return Answer(
                status,
                {
                    "status": "Unrecognized object",
                    "message": "Event object format is unrecognized",
                    "errors": list(reasons),
                },
            )
        return Answer(
            status,
            {
                "status": "invalid event",
                "message": "Event object is invalid",
                "errors": list(reasons),
            },
        )


def _signal(body: Mapping[str, JSON], event: Mapping[str, JSON]) -> Signal:
    details = event.get("custom_details")
    labels = _labels(details)
    key = text(body.get("dedup_key"), 255) or secrets.token_hex(16)
    action, links = body["event_action"], body.get("links")
    return Signal(
        key=key,
        title=text(event.get("summary")) or key,
        resolved=action == "resolve",
        acknowledged=action == "acknowledge",
        description=text(first(labels, "description", "details") or "", 4096),
        severities=[
            word
            for word in (labels.get("priority"), labels.get("severity"), event.get("severity"))
            if isinstance(word, str)
        ],
        service=first(labels, "service", "svc") or text(event.get("component"), 80),
        group=text(first(event, "group", "class"), 255)
        or labels.get("alertname")
        or likeness(text(event.get("summary"))),
        labels=labels | {"source": text(event.get("source"))},
        started_at=moment(event.get("timestamp")),
        url=text(body.get("client_url")),
        runbook_url=_first_link(links) or labels.get("runbook_url", ""),
    )


def _labels(details: JSON) -> dict[str, str]:
    if not isinstance(details, Mapping):
        return {"details": text(details)} if details else {}
    listed = text(first(details, "firing", "resolved") or "", 65536)
    return flat(details) | dict(LABEL_LINE.findall(listed))


def _first_link(links: JSON) -> str:
    if isinstance(links, list) and links and isinstance(links[0], Mapping):
        return text(links[0].get("href"))
    return ""


def _faults(body: JSON) -> list[str]:
    """What PagerDuty itself would complain about, in its words."""
    if not isinstance(body, Mapping):
        return ["JSON parse error"]
    faults = []
    key, dedup = body.get("routing_key"), body.get("dedup_key")
    if not isinstance(key, str) or len(key) != 32:
        faults.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    if body.get("event_action") not in ACTIONS:
        faults.append(
            "'event_action' is missing or invalid (must be one of trigger, acknowledge, resolve)"
        )
    elif body["event_action"] == "trigger":
        faults += _payload_faults(body.get("payload"))
    elif not dedup:
        faults.append("'dedup_key' is missing or blank")
    if dedup is not None and (not isinstance(dedup, str) or len(dedup) > 255):
        faults.append("'dedup_key' must be a string of at most 255 characters")
    return faults


def _payload_faults(event: JSON) -> list[str]:
    if not isinstance(event, Mapping):
        return ["'payload' is missing or invalid"]
    faults = [
        f"'payload.{name}' is missing or blank"
        for name in ("summary", "source", "severity")
        if not event.get(name)
    ]
    if event.get("severity") and event["severity"] not in SEVERITIES:
        faults.append(
            "'payload.severity' is invalid (must be one of critical, error, warning, info)"
        )
    return faults
