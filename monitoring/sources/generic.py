import hashlib
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

RESOLVED_WORDS = {"resolved", "resolve", "ok", "close", "closed", "recovered", "up", "clear"}
ACKNOWLEDGED_WORDS = {"acknowledge", "acknowledged", "ack"}


@sources.register("generic")
class Generic(Source):
    """One alert as plain JSON, with the names people use for such things.

    Only `title` is needed. Without `dedup_key`, alerts of the same title and service fold
    together; without `group`, those whose titles differ only in numbers share an incident.
    """

    path = "ingest/generic/<token>/"

    def signals(self, call: Call) -> Sequence[Signal]:
        return [plain_signal(call.payload)]

    def accepted(self, call: Call, stored: Sequence[Stored]) -> Answer:
        return Answer(200, {"new": stored[0].is_new, "dedup_key": stored[0].key})


def plain_signal(body: JSON) -> Signal:
    if not isinstance(body, Mapping):
        raise BadPayload("the body must be a JSON object")
    title = text(first(body, "title", "summary", "message", "alertname", "name"))
    key = text(first(body, "dedup_key", "dedup", "key", "id", "fingerprint", "alias"), 255)
    if not title and not key:
        raise BadPayload("'title' is missing")
    labels = flat(body.get("labels"))
    service = text(first(body, "service", "svc") or first(labels, "service", "svc"), 80)
    status = text(first(body, "status", "action", "state", "event_action")).lower()
    words = (first(body, "priority"), first(body, "severity", "level"), labels.get("severity"))
    return Signal(
        key=key or hashlib.sha256(f"{service}\n{title}".encode()).hexdigest()[:32],
        title=title or key,
        resolved=status in RESOLVED_WORDS,
        acknowledged=status in ACKNOWLEDGED_WORDS,
        description=text(first(body, "description", "details", "body"), 4096),
        severities=[word for word in words if isinstance(word, str)],
        service=service,
        group=text(first(body, "group", "group_key", "grouping_key", "class"), 255)
        or likeness(title),
        labels=labels,
        started_at=moment(first(body, "started_at", "startsAt", "timestamp", "time")),
        expires_at=moment(first(body, "expires_at", "endsAt")),
        url=text(first(body, "url", "link", "generatorURL")),
        runbook_url=text(body.get("runbook_url")),
    )
