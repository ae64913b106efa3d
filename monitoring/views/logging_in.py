import json
import logging
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from core import clock
from monitoring import services
from monitoring.domain.logs.masking import shown
from monitoring.door import LIMIT, integration_for, respond
from monitoring.models import LogSource
from monitoring.packing import Packing, unpacked
from monitoring.registry import LINES
from monitoring.source import Answer

METHODS: Final = ["POST", "PUT"]
NAMES: Final = ("message", "msg", "log", "line")
log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Lines of a log, plain or as JSON, one a line. They are masked before they are stored."""
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    body = request.read(LIMIT + 1)
    try:
        return _answered(request, token, body)
    except services.TooMuchWaits:
        said = {"error": "too many lines wait to be read, try again"}
        return respond(Answer(503, said), retry_after=30)
    except DatabaseError:
        log.exception("lines could not be stored; the sender was told to try again")
        return respond(Answer(503, {"error": "cannot store it now, try again"}), retry_after=5)


def _answered(request: HttpRequest, token: str, body: bytes) -> HttpResponse:
    integration = integration_for(LINES, token)
    source = LogSource.objects.filter(integration=integration, enabled=True).first()
    if integration is None or source is None:
        return respond(Answer(401, {"error": "unknown token"}))
    if len(body) > LIMIT:
        return respond(Answer(413, {"error": "the body is larger than 512 KB"}))
    try:
        body = unpacked(body, request.headers.get("Content-Encoding", ""))
    except Packing as fault:
        return respond(Answer(fault.status, {"error": str(fault)}))
    lines = _lines(body, "json" in request.headers.get("Content-Type", ""))
    if lines:
        services.take_lines(source, "\n".join(map(shown, lines)), at=clock.now())
    return respond(Answer(200, {"lines": len(lines)}))


def _lines(body: bytes, is_json: bool) -> list[bytes]:
    lines = [line for line in body.replace(b"\r\n", b"\n").split(b"\n") if line.strip()]
    if is_json and len(lines) == 1 and lines[0].lstrip().startswith(b"["):
        return _of_array(lines[0])
    return lines


def _of_array(line: bytes) -> list[bytes]:
    """As Fluent Bit and Vector send JSON by default: all records in one array."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return [line]
    return [_record(one) for one in found] if isinstance(found, list) else [line]


def _record(one: Any) -> bytes:
    if isinstance(one, dict) and len(one) <= 2:  # nothing but the line and its time
        for name in NAMES:
            if isinstance(one.get(name), str):
                return str(one[name]).encode(errors="replace")
    text = one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
    return text.encode(errors="replace")
