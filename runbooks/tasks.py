from celery import shared_task

from core import clock
from runbooks import services
from runbooks.crew import crew


@shared_task(name="runbooks.tick")
def tick() -> None:
    """Each is judged by the time at which its turn comes: the one before it may have taken a minute."""
    services.expire_due(at=clock.database_now())
    services.expire_loosenings(at=clock.database_now())
    services.ask_due(at=clock.database_now())
    services.reconcile_due(at=clock.database_now())
    done: int | None = 0
    while done is not None:
        done = services.execute_next(at=clock.database_now(), after=done)


@shared_task(name="runbooks.advance")
def advance() -> None:
    services.diagnose_due(at=clock.database_now())
    for run in services.going(at=clock.database_now()):
        crew.advance(run)
