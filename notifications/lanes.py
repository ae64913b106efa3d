"""Threads that empty the outbox: a few for each channel, so that one that hangs holds up no other."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from django.db import close_old_connections
from django.db.models import Count
from django.db.models.functions import Now

from notifications.models import Delivery
from notifications.outbox import send_one
from notifications.succession import take_over

log = logging.getLogger(__name__)

SLOTS: Final = 4  # at once, per channel and lane group; a hung provider can hold no more
LONGEST_WAIT: Final = 0.2  # seconds a thread gives way before its next message

_pools: dict[tuple[str, tuple[int, ...]], ThreadPoolExecutor] = {}
_busy: Counter[tuple[str, tuple[int, ...]]] = Counter()
_guard = threading.Lock()
_stopping = threading.Event()
_way_is_free = threading.Event()
_way_is_free.set()


def wake(lanes: Sequence[int]) -> None:
    """Set enough threads to work for what is due in these lanes, and return at once."""
    _begin()
    due = (
        Delivery.objects.undone()
        .filter(lane__in=lanes, due_at__lte=Now())
        .values_list("channel")
        .annotate(Count("pk"))
        .order_by()
    )
    for channel, count in due:
        _employ((channel, tuple(lanes)), count)


def _begin() -> None:
    """Whatever hinders it, people are paged: what was left behind then waits for its lease."""
    try:
        take_over()
    except Exception:
        log.exception("nothing was taken over")


@contextmanager
def giving_way() -> Iterator[None]:
    """Sixteen senders would leave a lone reader of alerts a fraction of the interpreter.

    Whoever was woken sends its first message at once all the same; only the next ones wait a little.
    """
    _way_is_free.clear()
    try:
        yield
    finally:
        _way_is_free.set()


def stop() -> None:
    """Take nothing new; what is on its way is finished."""
    _stopping.set()


def finish() -> None:
    """Wait for what is on its way: a send that is cut off would be made again."""
    stop()
    for pool in _pools.values():
        pool.shutdown()


def _employ(post: tuple[str, tuple[int, ...]], wanted: int) -> None:
    with _guard:
        if _stopping.is_set():
            return
        if post not in _pools:
            _pools[post] = ThreadPoolExecutor(SLOTS, thread_name_prefix=post[0])
        for _ in range(min(wanted, SLOTS - _busy[post])):
            _busy[post] += 1
            _pools[post].submit(_work, post)


def _work(post: tuple[str, tuple[int, ...]]) -> None:
    try:
        close_old_connections()
        channel, lanes = post
        while not _stopping.is_set() and send_one(channel, list(lanes)):
            _way_is_free.wait(LONGEST_WAIT)
    except Exception:  # the rows are still there: the next wake-up or sweep goes on with them
        log.exception("the %s lane stopped", post[0])
    finally:
        with _guard:
            _busy[post] -= 1
