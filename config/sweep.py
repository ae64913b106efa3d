"""The page worker's own clock: when nobody calls any more, it does the ticks of its queue by itself.

Whether the broker is away or every Beat is gone, people are paged and incidents are sent up. A new
worker begins like that: the calls that its predecessor had taken died with it.
"""

import logging
import threading
import time
from typing import Any, Final

from celery.signals import celeryd_after_setup, task_prerun, worker_shutting_down
from django.db import close_old_connections

from config.celery import app

log = logging.getLogger(__name__)

SILENCE: Final = 3.0  # seconds: a living Beat and broker are heard every two (config.celery.SWEEP)
PAUSE: Final = 2.0
TICKS: Final = (
    "incidents.tick",
    "notifications.pages",
    "monitoring.tick",
    "incidents.note_outcomes",
)

_heard = time.monotonic()
_stopping = threading.Event()


@task_prerun.connect
def hear(**_: Any) -> None:
    global _heard  # noqa: PLW0603 - one clock for the process
    _heard = time.monotonic()


@celeryd_after_setup.connect
def begin(instance: Any, **_: Any) -> None:
    if "page" in instance.app.amqp.queues.consume_from:
        hear()
        threading.Thread(target=_watch, name="sweep", daemon=True).start()


@worker_shutting_down.connect
def end(**_: Any) -> None:
    _stopping.set()


def _watch() -> None:
    sweep()
    if not _stopping.wait(PAUSE):
        sweep()  # by now what the one before was sending is due
    alone = False
    while not _stopping.wait(PAUSE):
        was_alone, alone = alone, time.monotonic() - _heard > SILENCE
        if alone and not was_alone:
            log.warning("no tick for %s s: sweeping without Beat and broker", SILENCE)
        if was_alone and not alone:
            log.warning("ticks arrive again")
        if alone:
            sweep()


def sweep() -> None:
    """Each tick by itself: one that fails holds up no other."""
    for name in TICKS:
        close_old_connections()
        try:
            app.tasks[name]()
        except Exception:  # a database that restarts: the next round tries again
            log.exception("%s failed", name)
    close_old_connections()
