from datetime import timedelta
from typing import Final

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from core import clock
from core.models import Heartbeat

FRESH: Final = timedelta(seconds=20)  # four ticks
UNHURRIED: Final = timedelta(seconds=60)  # what looks for silence may take longer in a storm


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """Everything that paging needs, each with its own word; 503 when one is missing."""
    found = {
        "database": False,
        "broker": _broker(),
        "worker": False,
        "beat": False,
        "monitoring": False,
    }
    try:
        at = clock.database_now()
        found["database"] = True
        found["worker"] = Heartbeat.objects.fresh("incidents", at=at, within=FRESH)
        found["monitoring"] = Heartbeat.objects.fresh("monitoring", at=at, within=UNHURRIED)
        found["beat"] = Heartbeat.objects.fresh("beat", at=at, within=FRESH)
    except DatabaseError:
        pass  # said by "database": false
    words = {name: "ok" if fine else "down" for name, fine in found.items()}
    return JsonResponse(words, status=200 if all(found.values()) else 503)


def _broker() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=1) as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
    except Exception:  # every transport has its own errors; the answer is the same
        return False
    return True
