from celery import shared_task

from core import clock
from core.rounds import Rounds
from postmortems import services
from postmortems.figures import monthly

_printing = Rounds()


@shared_task(name="postmortems.tick")
def tick() -> None:
    """What was resolved begins, and who owes something hears of it."""
    services.begin_due(at=clock.database_now())
    services.remind_due(at=clock.database_now())


@shared_task(name="postmortems.render_due")
def render_due() -> None:
    """A queue of PDFs takes one thread of the worker, not all that notices need."""
    _printing.run(_print)


def _print() -> None:
    services.render_due()


@shared_task(name="postmortems.report")
def report() -> None:
    monthly.make_due(at=clock.database_now())
