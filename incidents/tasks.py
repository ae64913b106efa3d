from celery import shared_task

from core import clock
from core.models import Heartbeat
from incidents import services
from notifications import lanes
from notifications.models import Lane


@shared_task(name="incidents.tick")
def tick() -> None:
    """Alerts in, what is due, what became of the pages; then the pages this made, without a detour."""
    while services.take_in(at=clock.database_now()):
        Heartbeat.objects.beat("incidents")  # a storm takes many rounds: each is a sign of life
        lanes.wake([Lane.PAGE])
    at = clock.database_now()
    while services.escalate_due(at=at):
        lanes.wake([Lane.PAGE])
    while services.mark_unresolved(at=at):
        lanes.wake([Lane.PAGE])
    Heartbeat.objects.beat("incidents")
    lanes.wake([Lane.PAGE])


@shared_task(name="incidents.note_outcomes")
def note_outcomes() -> None:
    """Only by the clock, not by a nudge: what was handed over in a few seconds makes one line."""
    while services.note_outcomes(at=clock.database_now()):
        pass
