from celery import shared_task

from core import clock
from core.rounds import Rounds
from maintenance import services
from maintenance.services import playing_beside, printing, printing_reports
from maintenance.services.backups import back_up_due
from maintenance.services.checklists import begin_due, remind_due
from maintenance.services.timing import prune_requests
from maintenance.services.upkeep import prune_backups
from maintenance.services.watching_backups import look_again, watch_backups

_working = Rounds()
_printing = Rounds()
_playing = Rounds()


@shared_task(name="maintenance.forecast_capacities")
def forecast_capacities() -> None:
    services.mark_own()
    services.forecast_due(at=clock.database_now())


@shared_task(name="maintenance.print_due")
def print_due() -> None:
    _printing.run(_print)


def _print() -> None:
    printing.print_due()
    printing_reports.print_due()


@shared_task(name="maintenance.back_up")
def back_up() -> None:
    back_up_due(at=clock.database_now())


@shared_task(name="maintenance.watch_backups")
def watch() -> None:
    at = clock.database_now()
    look_again(at=at)
    watch_backups(at=at)


@shared_task(name="maintenance.do_routine_work")
def do_routine_work() -> None:
    """A job that takes long keeps one thread of the worker, not all that others need."""
    _working.run(_work)


@shared_task(name="maintenance.see_to_checklists")
def see_to_checklists() -> None:
    begin_due(at=clock.database_now())
    remind_due(at=clock.database_now())


def _work() -> None:
    services.plan_due(at=clock.database_now())
    services.run_due()
    services.mail_due(at=clock.database_now())


@shared_task(name="maintenance.play_drills")
def play_drills() -> None:
    """A game day keeps one thread of the worker until it is over."""
    _playing.run(playing_beside.play_due)


@shared_task(name="maintenance.look_at_copies")
def look_at_copies() -> None:
    found = services.sample_copies()
    services.note_lag(found, at=clock.database_now())


@shared_task(name="maintenance.look_at_sites")
def look_at_sites() -> None:
    services.sample_sites()
    services.prune_samples(at=clock.database_now())


@shared_task(name="maintenance.prune")
def prune() -> None:
    services.prune_runs(at=clock.database_now())
    prune_backups(at=clock.database_now())
    prune_requests(at=clock.database_now())
