from celery import shared_task

from core import clock
from core.models import Heartbeat
from monitoring import judging, services
from monitoring.crew_of_portal import crew
from teams.answers import prune_answers
from teams.signing_in import prune_access_events


@shared_task(name="monitoring.tick")
def tick() -> None:
    at = clock.database_now()
    services.expire(at=at)
    services.begin_due(at=at)
    services.release_due(at=at)
    services.wake_due(at=at)
    services.settle_due(at=at)
    services.watch_heartbeats(at=at)
    services.watch_checks(at=at)
    services.watch_ticks(at=at)
    Heartbeat.objects.beat("monitoring")


@shared_task(name="monitoring.prune")
def prune() -> None:
    at = clock.database_now()
    services.prune(at=at)
    services.prune_changes(at=at)
    services.make_ahead(at=at)
    services.drop_old(at=at)
    services.prune_pings(at=at)
    services.prune_firings(at=at)
    prune_access_events(at=at)
    prune_answers(at=at)
    services.prune_logs(at=at)
    services.prune_anomalies(at=at)
    services.forget_metrics(at=at)


@shared_task(name="monitoring.roll_up")
def roll_up() -> None:
    at = clock.database_now()
    services.roll_up(at=at)
    services.watch_room(at=at)
    Heartbeat.objects.beat("roll_up")


@shared_task(name="monitoring.collect")
def collect() -> None:
    """Threads of this process do it: the tick is over at once, however long a check takes."""
    crew.wake()


@shared_task(name="monitoring.apply_rules")
def apply_rules() -> None:
    services.apply_rules(at=clock.database_now())
    Heartbeat.objects.beat("rules")


@shared_task(name="monitoring.tend_logs")
def tend_logs() -> None:
    services.tend_logs(at=clock.database_now())


@shared_task(name="monitoring.detect")
def detect() -> None:
    done = judging.detect(at=clock.database_now())
    if done is None:  # somebody else is at it, or hangs
        return
    Heartbeat.objects.beat("anomalies")
    if not done.behind:
        Heartbeat.objects.beat("abreast")
