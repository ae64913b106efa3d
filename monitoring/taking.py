"""One reading of one collector, whatever it does: it ends in words, and what it gave is bounded."""

import logging
import math
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from monitoring.collector import CollectError, Collector, Reading
from monitoring.domain.checks import Measured, Outcome, State
from monitoring.registry import collectors

log = logging.getLogger(__name__)

MOST: Final = 1_000  # readings of one run
LONGEST: Final = 500  # letters of an error
GRACE: Final = 2.0  # seconds a collector may be late before it is left alone
TRIES: Final = threading.BoundedSemaphore(
    4
)  # at once, in one process; one that hangs keeps its place


def take(name: str, settings: Mapping[str, Any], *, timeout: float) -> Outcome:
    """Never raises; it hangs if the collector does."""
    began, found = time.monotonic(), list[Measured]()
    collector = collectors.get(name)
    error = _fault(collector, name, settings, timeout, found)
    if not error and not found:
        error = _("It gave no data.")
    return Outcome(
        state=State.FAILING if error else State.OK,
        took=time.monotonic() - began,
        error=error.replace("\0", "\ufffd")[:LONGEST],
        readings=tuple(found),
        of_host=bool(collector and collector.of_host),
    )


def hanging(timeout: float, took: float) -> Outcome:
    text = _("It did not end within %(seconds)s seconds and is not started again while it hangs.")
    return Outcome(State.HANGING, took, text % {"seconds": f"{timeout:g}"})


def tried(name: str, settings: Mapping[str, Any], *, timeout: float) -> Outcome:
    """The same for somebody who waits: at most for the timeout and a little."""
    places = TRIES  # given back where it was taken, however late that is
    if not places.acquire(blocking=False):
        raise Refused(_("Too many checks are being tried at once. Wait a moment."))
    began, done, language = time.monotonic(), list[Outcome](), translation.get_language()

    def run() -> None:
        try:
            with translation.override(language):
                done.append(take(name, settings, timeout=timeout))
        finally:
            places.release()

    thread = threading.Thread(target=run, name=f"try {name}", daemon=True)
    thread.start()
    thread.join(timeout + GRACE)
    return done[0] if done else hanging(timeout, time.monotonic() - began)


def _fault(
    collector: Collector | None,
    name: str,
    settings: Mapping[str, Any],
    timeout: float,
    found: list[Measured],
) -> str:
    """Why it gave up, and in `found` what it read until then."""
    if collector is None:
        return _("There is no collector %(name)s.") % {"name": name}
    try:
        found.extend(_bounded(collector, settings, timeout))
    except CollectError as error:
        return str(error) or type(error).__name__
    except Exception as error:  # a bug in one collector is its own trouble, and is said
        log.exception("the collector %s failed in an unexpected way", name)
        return f"{type(error).__name__}: {error}"
    return ""


def _bounded(
    collector: Collector, settings: Mapping[str, Any], timeout: float
) -> Iterator[Measured]:
    """list.extend keeps what came before an error."""
    for count, one in enumerate(collector.collect(settings, timeout=timeout)):
        if count == MOST:
            raise CollectError(_("It gave more than %(most)s readings.") % {"most": MOST})
        yield _measured(one)


def _measured(one: Reading) -> Measured:
    try:
        value = float(one.value)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise CollectError(_("%(name)s is no number.") % {"name": one.name})
    labels = {str(name): str(text) for name, text in one.labels.items()}
    return Measured(one.name, value, labels, one.unit)
