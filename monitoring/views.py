import json
import logging
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from core import clock
from monitoring import services
from monitoring.domain.alerts import FIRING, RESOLVED
from monitoring.door import integration_for
from monitoring.models import Alert
from monitoring.registry import sources
from monitoring.source import Answer, BadPayload, Call, Source
from teams.access import needs
from teams.domain.roles import Action

ALERTS_A_PAGE: Final = 50
log = logging.getLogger(__name__)

LIMIT: Final = 512 * 1024  # bytes; PagerDuty's own limit, and Alertmanager keeps below it


@csrf_exempt
@login_not_required
def ingest(request: HttpRequest, source: str, token: str = "") -> HttpResponse:
    """The door of every source: size, token, signature, format, one transaction, the answer.

    Only a 5xx makes a sender try again, so what cannot be stored is a 503, never a 429 or a 200.
    """
    kind = sources[source]
    if request.method not in kind.methods:
        return HttpResponseNotAllowed(kind.methods)
    body = request.read(LIMIT + 1)
    if len(body) > LIMIT:
        return _answer(kind.refused(413, ["the body is larger than 512 KB"]))
    try:
        return _answer(_take(kind, source, token, request, body))
    except DatabaseError:
        log.exception("an alert could not be stored; the sender was told to try again")
        return _answer(kind.refused(503, ["cannot store it now, try again"]), retry_after=5)


def _take(kind: Source, source: str, token: str, request: HttpRequest, body: bytes) -> Answer:
    at = clock.now()
    payload, fault = _parsed(body)
    call = Call(body, payload, request.headers, at)
    integration = integration_for(source, token or kind.token_in(call))
    if token and integration is None:
        return kind.refused(401, ["unknown token"])
    try:
        if integration:
            kind.vouch(call, integration)
        if fault:
            raise BadPayload(fault)
        signals = kind.signals(payload, at=at)
    except BadPayload as bad:
        if integration:  # from a stranger nothing is kept
            services.keep_refused(integration, body, bad.reasons, at=at)
        return kind.refused(bad.status, bad.reasons)
    if integration is None:
        return kind.refused(401, ["unknown token"])
    return kind.accepted(services.store(integration, body, signals, at=at))


def _parsed(body: bytes) -> tuple[Any, str]:
    try:
        return json.loads(body, parse_constant=_refuse_constant), ""
    except (ValueError, RecursionError):
        return None, "JSON parse error"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _answer(answer: Answer, *, retry_after: int | None = None) -> HttpResponse:
    response = (
        HttpResponse(status=answer.status)
        if answer.body is None
        else JsonResponse(answer.body, status=answer.status, safe=False)
    )
    response["Content-Length"] = str(len(response.content))
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


@require_GET
@needs(Action.READ)
def alerts(request: HttpRequest) -> HttpResponse:
    words, status = request.GET.get("q", "").strip()[:200], request.GET.get("status", "")
    rows = Alert.objects.select_related("integration", "incident_link")
    if words:
        rows = rows.search(words)
    if status in {FIRING, RESOLVED}:
        rows = rows.filter(resolved_at__isnull=status == FIRING)
    page = Paginator(rows, ALERTS_A_PAGE).get_page(request.GET.get("page", "1"))
    part = "#rows" if request.htmx else ""  # type: ignore[attr-defined]
    context = {"page": page, "q": words, "status": status}
    return render(request, f"monitoring/alerts.html{part}", context)
