"""PagerDuty's change events: kept for whoever asks what changed, and calls nobody."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from monitoring.door import LIMIT, integration_for, parsed, respond
from monitoring.registry import sources
from monitoring.services import note_change
from monitoring.source import JSON, Answer, first, flat, moment, text

LINKS: Final = 20
log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    kind, body = sources["pagerduty"], request.read(LIMIT + 1)
    if len(body) > LIMIT:
        return respond(kind.refused(413, ["the body is larger than 512 KB"]))
    said, fault = parsed(body)
    faults = [fault] if fault else _faults(said)
    if faults:
        return respond(kind.refused(400, faults))
    try:
        integration = integration_for("pagerduty", said["routing_key"])
        if integration is None:
            return respond(kind.refused(401, ["unknown token"]))
        note_change(integration, received_at=clock.now(), **_facts(said))
    except DatabaseError:
        log.exception("a change could not be stored; the sender was told to try again")
        return respond(kind.refused(503, ["cannot store it now, try again"]), retry_after=5)
    return respond(Answer(202, {"status": "success", "message": "Change event processed"}))


def _faults(said: JSON) -> list[str]:
    if not isinstance(said, Mapping):
        return ["JSON parse error"]
    payload, faults = said.get("payload"), []
    if not isinstance(said.get("routing_key"), str) or len(said["routing_key"]) != 32:
        faults.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    if not isinstance(payload, Mapping):
        faults.append("'payload' is missing or invalid")
    elif not text(payload.get("summary")):
        faults.append("'payload.summary' is missing or blank")
    return faults


def _facts(said: Mapping[str, JSON]) -> dict[str, Any]:
    payload, details = said["payload"], flat(said["payload"].get("custom_details"))
    return {
        "summary": text(payload.get("summary")),
        "source": text(payload.get("source"), 255),
        "service": text(first(details, "service", "svc") or payload.get("component"), 80),
        "happened_at": moment(payload.get("timestamp")) or clock.now(),
        "details": details,
        "links": _links(said.get("links")),
    }


def _links(links: JSON) -> list[dict[str, str]]:
    """Those that a browser may be sent to."""
    given = [each for each in links if isinstance(each, Mapping)] if isinstance(links, list) else []
    pairs = [(text(each.get("href")), text(each.get("text"))) for each in given[:LINKS]]
    return [
        {"href": href, "text": words or href}
        for href, words in pairs
        if href.startswith(("https://", "http://"))
    ]
