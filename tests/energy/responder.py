"""Workers that respond until somebody kills them, forked from a process that has Django ready."""

import logging
import os
import signal
import time
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

log = logging.getLogger(__name__)


def impatient() -> None:
    """A lost answer is looked for at once, and what was signed expires within seconds."""
    from energy.actions import withdrawals
    from energy.services import buying, moving, settling

    withdrawals.ARRIVES = buying.ARRIVES = timedelta(seconds=1)
    buying.LATE, buying.GIVEN_UP = timedelta(seconds=2), timedelta(seconds=6)
    moving.PATIENCE = 1.0
    settling.settle.__kwdefaults__["lifetime"] = timedelta(seconds=4)


def nursery(database: str, given: dict[str, Any], pipe: Connection) -> None:
    """One worker for each word that comes; its process id goes back."""
    os.environ |= {"CELERY_BROKER_URL": "memory://"}
    import django
    from django.conf import settings
    from django.db import connection, connections

    django.setup()

    from tests.energy.ticks import around

    connection.settings_dict["NAME"] = database
    for name, value in given.items():
        setattr(settings, name, value)
    impatient()
    around()  # what is slow once only, each worker has behind it
    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pipe.send(os.getpid())
    while pipe.recv():
        if child := os.fork():
            pipe.send(child)
        else:
            _work()


def _work() -> None:
    from django.db import close_old_connections

    from tests.energy.ticks import around

    while True:
        close_old_connections()
        try:
            around()
        except Exception:  # as Celery does: the next tick is another try
            log.exception("a tick")
        time.sleep(0.02)
