import secrets
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

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
    text,
)

# Its P1 is the gravest, as our P0 is: its own names for them are words every integration knows.
PRIORITIES: Final = {
    "P1": "critical", "P2": "high", "P3": "moderate", "P4": "low", "P5": "informational",
}  # fmt: skip
DONE: Final = ("create", "close", "acknowledge")
HEARD: Final = (
    "unacknowledge", "snooze", "notes", "escalate", "assign", "tags", "details", "responders",
    "priority", "message", "description",
)  # fmt: skip


@sources.register("opsgenie")
class Opsgenie(Source):
    """Opsgenie's Alert API: its clients change the host only, the API key is our token.

    What has no meaning here (snooze, assign …) is kept and answered, and its request's status says
    that it changed nothing.
    """

    path = "v2/alerts"
    more_paths = ("v2/alerts/<path:rest>",)  # an identifier, which may have slashes, and a verb
    methods = ("POST", "PUT", "PATCH")

    def token_in(self, call: Call) -> str:
        return key_in(call.headers)

    def signals(self, call: Call) -> Sequence[Signal]:
        if not isinstance(call.payload, Mapping):
            raise BadPayload("Request body is not processable")
        identifier, verb = _deed(call)
        if verb == "create":
            return [_created(call.payload)]
        return [_changed(verb, identifier, call)] if verb in DONE else _heard(verb)

    def accepted(self, call: Call, stored: Sequence[Stored]) -> Answer:
        _, verb = _deed(call)
        about = stored[0].alert if stored else 0
        body = {"result": "Request will be processed", "took": 0.0}
        return Answer(202, body | {"requestId": request_id(verb, about)})

    def refused(self, status: int, reasons: Sequence[str]) -> Answer:
        return Answer(status, {"message": "; ".join(reasons), "took": 0.0, "requestId": ""})


def key_in(headers: Mapping[str, str]) -> str:
    scheme, _, key = headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme == "GenieKey" else ""


def request_id(verb: str, alert: int) -> str:
    """A request's id says what it was about, so that no request has to be remembered."""
    place = (*DONE, *HEARD).index(verb)
    return str(UUID(int=(place + 1) << 96 | alert))


def request_of(request: str) -> tuple[str, int]:
    """The verb and the alert; ValueError for an id that we never gave."""
    number = UUID(request).int
    place, alert = number >> 96, number & ((1 << 63) - 1)
    verbs = (*DONE, *HEARD)
    if not 1 <= place <= len(verbs) or request_id(verbs[place - 1], alert) != request:
        raise ValueError(request)
    return verbs[place - 1], alert


def _created(body: Mapping[str, JSON]) -> Signal:
    message, labels = text(body.get("message")), flat(body.get("details"))
    if not message:
        raise BadPayload("message: may not be empty")
    words = (labels.get("priority"), labels.get("severity"), _priority(body))
    return Signal(
        key=text(body.get("alias"), 255) or secrets.token_hex(16),
        title=message,
        description=text(body.get("description"), 4096),
        severities=[word for word in words if word],
        service=text(first(labels, "service", "svc"), 80),
        group=labels.get("alertname") or text(body.get("entity"), 255) or likeness(message),
        labels=labels | flat({"entity": body.get("entity"), "tags": _tags(body.get("tags"))}),
        url=text(body.get("source")),
        runbook_url=labels.get("runbook_url", ""),
    )


def _priority(body: Mapping[str, JSON]) -> str:
    said = body.get("priority") or "P3"  # its own default
    return PRIORITIES.get(said, "") if isinstance(said, str) else ""


def _tags(tags: JSON) -> str:
    return ",".join(text(tag, 50) for tag in tags[:20]) if isinstance(tags, list) else ""


def _deed(call: Call) -> tuple[str, str]:
    """The identifier and what is done to it."""
    rest = call.parts.get("rest")
    if rest is None:
        return "", "create"
    identifier, _, verb = rest.rpartition("/")
    return identifier, verb


def _changed(verb: str, identifier: str, call: Call) -> Signal:
    if call.query.get("identifierType") == "tiny":
        raise BadPayload("identifierType: use alias or id")
    key = text(identifier, 255)
    if not key:
        raise BadPayload("identifier: may not be empty")
    return Signal(key, key, resolved=verb == "close", acknowledged=verb == "acknowledge")


def _heard(verb: str) -> Sequence[Signal]:
    if verb not in HEARD:
        raise BadPayload(f"{verb}: no such action")
    return []
