"""For work in the middle of which the database may restart."""

import functools
import time
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

P = ParamSpec("P")
T = TypeVar("T")

LONGEST: Final = 15.0  # seconds; a restart takes two or three
AGAIN_AFTER: Final = 0.3


def patient(step: Callable[P, T]) -> Callable[P, T]:
    """A step that waits for the database to come back and is done again then.

    Only for one that reads, or that is one transaction and does no harm when it is done twice:
    the answer to a commit may be what was lost.
    """

    @functools.wraps(step)
    def patiently(*args: P.args, **kwargs: P.kwargs) -> T:
        until = time.monotonic() + LONGEST
        while True:
            try:
                return step(*args, **kwargs)
            except (OperationalError, InterfaceError):
                if connection.in_atomic_block or time.monotonic() > until:
                    raise
                connection.close()
                time.sleep(AGAIN_AFTER)

    return patiently
