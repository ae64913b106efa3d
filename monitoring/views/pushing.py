import base64
import logging
import re
from collections import Counter
from collections.abc import Callable
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from core import clock
from monitoring import services
from monitoring.domain import remote_write
from monitoring.domain.exposition import Unreadable, points
from monitoring.door import LIMIT, integration_for, respond
from monitoring.packing import Packing, unpacked
from monitoring.registry import PUSHED
from monitoring.source import Answer

METHODS: Final = ["POST", "PUT"]
ENCODED: Final = "@base64"
LABEL: Final = re.compile("[a-zA-Z_][a-zA-Z0-9_]*")
log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def push(request: HttpRequest, token: str, job: str = "") -> HttpResponse:
    """Samples in Prometheus' text format, also as its clients push them to a Pushgateway."""
    return _answered(request, token, lambda body: _text(request, body, job))


@csrf_exempt
@login_not_required
def hand_on(request: HttpRequest, token: str) -> HttpResponse:
    """Samples as a Prometheus hands them on: remote-write, version 1."""
    return _answered(request, token, lambda body: _handed_on(request, body))


def _answered(
    request: HttpRequest, token: str, taken: Callable[[bytes], HttpResponse]
) -> HttpResponse:
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    body = request.read(LIMIT + 1)
    try:
        if integration_for(PUSHED, token) is None:
            return _refused(401, "unknown token")
        if len(body) > LIMIT:
            return _refused(413, "the body is larger than 512 KB")
        return taken(unpacked(body, request.headers.get("Content-Encoding", "")))
    except Packing as fault:
        return _refused(fault.status, str(fault))
    except DatabaseError:
        log.exception("samples could not be stored; the sender was told to try again")
        return respond(Answer(503, {"error": "cannot store it now, try again"}), retry_after=5)


def _text(request: HttpRequest, body: bytes, job: str) -> HttpResponse:
    if "openmetrics" in request.headers.get("Content-Type", ""):
        return _refused(415, "only Prometheus' text format 0.0.4 is understood")
    at = clock.now()
    try:
        found = points(body.decode(), at=at, labels=_grouping(job))
    except (Unreadable, ValueError) as fault:
        return _refused(400, str(fault))
    written = services.write(found, at=at)
    told = {"stored": written.stored, "repeated": written.repeated, "refused": written.refused}
    taken = written.stored or written.repeated or not written.refused
    return respond(Answer(200 if taken else 422, told))


def _handed_on(request: HttpRequest, body: bytes) -> HttpResponse:
    if "proto=io.prometheus.write.v2" in request.headers.get("Content-Type", ""):
        return _refused(415, "remote-write 1.0 is understood: prometheus.WriteRequest")
    try:
        found = remote_write.read(body)
    except ValueError as fault:
        return _refused(400, f"this is no prometheus.WriteRequest: {fault}")
    written = services.write(found.points, at=clock.now())
    refused = found.refused + Counter(written.refused)
    told = {"stored": written.stored, "repeated": written.repeated, "refused": refused}
    # As the protocol asks: what is good is kept, but what is not must be told, once.
    return respond(Answer(400 if refused else 200, told | {"passed_over": found.passed_over}))


def _grouping(job: str) -> dict[str, str]:
    """The labels in a Pushgateway's address: `backup/instance/db1` after `job/`."""
    if not job:
        return {}
    words = ["job", *job.rstrip("/").split("/")]
    if len(words) % 2:
        raise ValueError("the address names a label without its value")
    return dict(map(_label, words[::2], words[1::2]))


def _label(name: str, value: str) -> tuple[str, str]:
    if not LABEL.fullmatch(name.removesuffix(ENCODED)):
        raise ValueError("the address names what cannot be a label")
    if not name.endswith(ENCODED):
        return name, value
    bare = value.rstrip("=")  # Python's client writes an empty value as "="
    padded = bare + "=" * (-len(bare) % 4)
    return name.removesuffix(ENCODED), base64.b64decode(
        padded, altchars=b"-_", validate=True
    ).decode()


def _refused(status: int, reason: str) -> HttpResponse:
    return respond(Answer(status, {"error": reason}))
