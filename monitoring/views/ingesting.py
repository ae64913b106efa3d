import logging
from collections.abc import Sequence
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from core import clock
from monitoring import services
from monitoring.domain.alerts import Signal
from monitoring.door import LIMIT, integration_for, parsed, respond
from monitoring.models import Integration
from monitoring.registry import sources
from monitoring.source import Answer, BadPayload, Call, Source

ALERTS_A_PAGE: Final = 50
log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def ingest(request: HttpRequest, source: str, token: str = "", **parts: str) -> HttpResponse:
    """The door of every source: size, token, signature, format, one transaction, the answer.

    Only a 5xx makes a sender try again, so what cannot be stored is a 503, never a 429 or a 200.
    """
    kind = sources[source]
    if request.method not in kind.methods:
        return HttpResponseNotAllowed(kind.methods)
    body = request.read(LIMIT + 1)
    if len(body) > LIMIT:
        return respond(kind.refused(413, ["the body is larger than 512 KB"]))
    payload, fault = parsed(body)
    call = Call(body, payload, clock.now(), fault, request.headers, parts, request.GET)
    try:
        return respond(_take(source, token, call))
    except DatabaseError:
        log.exception("an alert could not be stored; the sender was told to try again")
        return respond(kind.refused(503, ["cannot store it now, try again"]), retry_after=5)


def _take(source: str, token: str, call: Call) -> Answer:
    kind = sources[source]
    integration = integration_for(source, token or kind.token_in(call))
    if integration is None and not kind.key_in_body:
        return kind.refused(401, ["unknown token"])
    try:
        signals = _understood(kind, call, integration)
        if integration:
            kind.settle(call)
    except BadPayload as bad:
        if integration:  # from a stranger nothing is kept
            services.keep_refused(integration, call.body, bad.reasons, at=call.at)
        return kind.refused(bad.status, bad.reasons)
    if integration is None:
        return kind.refused(401, ["unknown token"])
    once = kind.message_id(call)
    stored = services.store(integration, call.body, signals, at=call.at, once=once)
    return kind.accepted(call, stored)


def _understood(kind: Source, call: Call, integration: Integration | None) -> Sequence[Signal]:
    if integration:
        kind.vouch(call, integration)
    if call.fault:
        raise BadPayload(call.fault)
    return kind.signals(call)
