import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from celery import shared_task

from core import clock
from core.models import Heartbeat
from core.rounds import Rounds
from incidents import services
from incidents.services import stakeholders
from notifications import lanes
from notifications.models import Lane

DUE: Final = (
    services.escalate_due, services.call_next, services.lapse_answers, services.mark_unresolved,
)  # fmt: skip
PAUSE: Final = 0.1  # seconds in which a flow of alerts gathers, so that one round serves many

_incidents = Rounds()
_stakeholders = Rounds()


@shared_task(name="incidents.tick")
def tick() -> None:
    _incidents.run(_round)


def _round() -> None:
    """A batch of alerts in, and what is due; then the pages this made, without a detour.

    Batch by batch, or a storm of alerts would hold up an escalation.
    """
    at = clock.database_now()
    with lanes.giving_way():
        taken = services.take_in(at=at)
    while any(_done(due, at) for due in DUE):
        lanes.wake([Lane.PAGE])
    while services.warn_due(at=at) or services.remind_due(at=at):
        pass
    Heartbeat.objects.beat("incidents")
    lanes.wake([Lane.PAGE])
    if taken:
        _incidents.want()
    if 0 < taken < services.BATCH:
        time.sleep(PAUSE)


def _done(due: Callable[..., int], at: datetime) -> int:
    """A batch of what is due. When a thousand clocks break at once, who sends gives way to it too."""
    with lanes.giving_way():
        return due(at=at)


@shared_task(name="incidents.tell_stakeholders")
def tell_stakeholders() -> None:
    """Not on the pages' queue: whatever a text or a list of customers does, people are paged.

    Nor do many drafts wait for the one that drafts, each with a thread that notices need.
    """
    _stakeholders.run(_tell)


def _tell() -> None:
    at = clock.database_now()
    while services.tell_of_swaps(at=at):
        lanes.wake([Lane.NOTICE])
    while stakeholders.remind_due(at=at):
        pass
    while stakeholders.draft_due(at=at) and not services.is_behind():
        pass  # in a storm a batch in each round, so that people are paged first
    while stakeholders.send_due(at=at):
        lanes.wake([Lane.NOTICE, Lane.BULK])
    while stakeholders.note_receipts(at=at):
        pass


@shared_task(name="incidents.tell_of_holes")
def tell_of_holes() -> None:
    services.tell_of_holes(at=clock.database_now())


@shared_task(name="incidents.open_channels")
def open_channels() -> None:
    while services.open_due(at=clock.database_now()):
        pass


@shared_task(name="incidents.note_outcomes")
def note_outcomes() -> None:
    """Only by the clock, not by a nudge: what was handed over in a few seconds makes one line."""
    while services.note_outcomes(at=clock.database_now()):
        pass
    while services.note_silences(at=clock.database_now()):
        pass
