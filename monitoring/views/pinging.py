"""The door for jobs: what healthchecks.io's clients call, so that they change the host only."""

import logging
from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from core import clock
from monitoring import services
from monitoring.domain.heartbeats import Kind, kind_of
from monitoring.domain.logs.masking import shown
from monitoring.source import text

BODY: Final = 10_000  # bytes that are kept; a longer one is cut, not refused
METHODS: Final = ("GET", "HEAD", "POST")
log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def ping(
    request: HttpRequest, key: UUID, kind: str = Kind.SUCCESS, exit_code: int | None = None
) -> HttpResponse:
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    if exit_code is not None and exit_code > 255:
        return _said("not found", 404)
    what = Kind(kind) if exit_code is None else kind_of(exit_code)
    body = text("\n".join(map(shown, request.read(BODY).split(b"\n"))), BODY)
    sender = f"{request.META.get('REMOTE_ADDR', '')} {request.headers.get('User-Agent', '')}"
    try:
        known = services.ping(
            key, what, at=clock.now(), exit_code=exit_code, body=body, sender=text(sender, 200)
        )
    except DatabaseError:
        log.exception("a ping could not be stored; its sender was told to try again")
        return _said("cannot store it now, try again", 503)
    return _said("OK", 200) if known else _said("not found", 404)


def _said(words: str, status: int) -> HttpResponse:
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    response["Content-Length"] = str(len(response.content))
    return response
