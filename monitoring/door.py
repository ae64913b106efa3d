"""Who is there, what was brought, how it is answered: what every door for machines shares."""

import json
import time
from functools import lru_cache
from typing import Any, Final

from django.http import HttpResponse, JsonResponse

from core import tokens
from monitoring.models import Integration
from monitoring.source import Answer

REMEMBERED: Final = 5  # seconds until a revoked token is refused everywhere
LIMIT: Final = 512 * 1024  # bytes; PagerDuty's own limit, and Alertmanager keeps below it


def integration_for(source: str, token: str) -> Integration | None:
    """Asked for every alert, so the answer is remembered for a moment."""
    if not token:
        return None
    return _known(source, tokens.hashed(token), int(time.monotonic() / REMEMBERED))


@lru_cache(maxsize=256)
def _known(source: str, token_hash: str, _moment: int) -> Integration | None:
    return Integration.objects.filter(source=source, token_hash=token_hash, enabled=True).first()


def parsed(body: bytes) -> tuple[Any, str]:
    """The JSON, and what is wrong with it."""
    try:
        return json.loads(body, parse_constant=_refuse_constant), ""
    except (ValueError, RecursionError):
        return None, "JSON parse error"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def respond(answer: Answer, *, retry_after: int | None = None) -> HttpResponse:
    response = (
        HttpResponse(status=answer.status)
        if answer.body is None
        else JsonResponse(answer.body, status=answer.status, safe=False)
    )
    response["Content-Length"] = str(len(response.content))
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response
