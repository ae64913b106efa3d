import threading
from typing import Any, Final

from celery import shared_task
from celery.signals import worker_shutting_down

from core import clock
from core.models import Heartbeat
from statuspage import services
from statuspage.services import (
    calling,
    catching_up,
    keeping,
    lettering,
    mirroring,
    posting,
    subscribing,
)
from statuspage.services.minding_the_store import mind_the_store

under_way: Final = threading.Lock()


@shared_task(name="statuspage.tick")
def tick() -> None:
    """After a storm a round takes minutes: the next would only wait for its rows, in a thread that others need."""
    if under_way.acquire(blocking=False):
        try:
            _round()
        finally:
            under_way.release()


def _round() -> None:
    """Components follow their incidents, maintenance is reminded of, begins and ends, what is over is said,
    who owes a word is reminded, and what changed is published."""
    services.watch(at=clock.database_now())
    services.merge_due(at=clock.database_now())
    services.follow(at=clock.database_now())
    services.close_due(at=clock.database_now())
    services.chase_due(at=clock.database_now())
    services.keep_time(at=clock.database_now())
    services.remind_due(at=clock.database_now())
    services.ask_due(at=clock.database_now())
    services.publish_due(at=clock.database_now())


@shared_task(name="statuspage.publish")
def publish() -> None:
    services.publish_due(at=clock.database_now())


@shared_task(name="statuspage.freeze")
def freeze() -> None:
    services.freeze(at=clock.database_now())


@shared_task(name="statuspage.post")
def post() -> None:
    """Letters that confirm, then updates to all who want them."""
    lettering.write_due(at=clock.database_now())
    posting.post()


@shared_task(name="statuspage.catch_up")
def catch_up() -> None:
    catching_up.catch_up()


@shared_task(name="statuspage.mirror")
def mirror() -> None:
    mirroring.mirror(at=clock.now())
    mind_the_store(at=clock.now())


@shared_task(name="statuspage.call")
def call() -> None:
    calling.call()


@shared_task(name="statuspage.keep")
def keep() -> None:
    keeping.keep(at=clock.database_now())
    Heartbeat.objects.beat("kept")


@shared_task(name="statuspage.purge")
def purge() -> None:
    subscribing.purge(at=clock.database_now())


@worker_shutting_down.connect
def send_nothing_new(**_: Any) -> None:
    posting.stop()
