"""Processes that carry out what is approved, as the tick does: for races and for kills."""

import os
import time
from multiprocessing.connection import Connection


def work() -> None:
    from runbooks.tasks import tick
    from tests.runbooks import effects

    effects.registered()
    tick()


def live(database: str, pipe: Connection) -> None:
    """Until somebody kills it."""
    os.environ |= {"CELERY_BROKER_URL": "memory://"}
    import django
    from django.db import connection

    django.setup()
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    pipe.send(None)
    while True:
        work()
        time.sleep(0.005)
