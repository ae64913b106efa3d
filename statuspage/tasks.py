from celery import shared_task

from core import clock
from statuspage import services
from statuspage.services import lettering, subscribing


@shared_task(name="statuspage.tick")
def tick() -> None:
    """Components follow their incidents, maintenance begins and ends, what is over is said, and what changed is published."""
    services.follow(at=clock.database_now())
    services.close_due(at=clock.database_now())
    services.keep_time(at=clock.database_now())
    services.publish_due(at=clock.database_now())


@shared_task(name="statuspage.publish")
def publish() -> None:
    services.publish_due(at=clock.database_now())


@shared_task(name="statuspage.post")
def post() -> None:
    """Letters to subscribers."""
    lettering.write_due(at=clock.database_now())


@shared_task(name="statuspage.purge")
def purge() -> None:
    subscribing.purge(at=clock.database_now())
