"""Everything that paging needs, each by its own name."""

from datetime import timedelta
from typing import Final

from celery import current_app
from django.db import DatabaseError

from core import clock
from core.models import Heartbeat

FRESH: Final = timedelta(seconds=20)  # four ticks
UNHURRIED: Final = timedelta(seconds=60)  # what looks for silence may take longer in a storm


def readiness() -> dict[str, bool]:
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
    return found


def _broker() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=1) as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
    except Exception:  # every transport has its own errors; the answer is the same
        return False
    return True
