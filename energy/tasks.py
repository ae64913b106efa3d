from celery import shared_task

from core import clock
from core.models import Heartbeat
from energy import services


@shared_task(name="energy.watch")
def watch() -> None:
    services.watch(at=clock.database_now())
    Heartbeat.objects.beat("energy")


@shared_task(name="energy.foresee")
def foresee() -> None:
    services.foresee(at=clock.database_now())


@shared_task(name="energy.settle")
def settle() -> None:
    services.settle_open(at=clock.database_now())


@shared_task(name="energy.mind_the_signer")
def mind_the_signer() -> None:
    services.mind_the_signer(at=clock.database_now())


@shared_task(name="energy.respond")
def respond() -> None:
    services.respond(at=clock.database_now())


@shared_task(name="energy.watch_the_watching")
def watch_the_watching() -> None:
    services.watch_the_watching(at=clock.database_now())


@shared_task(name="energy.ask_markets")
def ask_markets() -> None:
    services.ask_markets(at=clock.database_now())
    services.ask_set_aside(at=clock.database_now())


@shared_task(name="energy.remind_of_stakes")
def remind_of_stakes() -> None:
    services.remind_of_stakes(at=clock.database_now())


@shared_task(name="energy.prune")
def prune() -> None:
    services.prune(at=clock.database_now())
