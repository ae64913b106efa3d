from typing import Any

from celery import shared_task
from celery.signals import worker_shutdown, worker_shutting_down

from core.models import Heartbeat
from notifications import lanes
from notifications.models import Lane


@shared_task(name="notifications.pages")
def pages() -> None:
    lanes.wake([Lane.PAGE])
    Heartbeat.objects.beat("notifications")


@shared_task(name="notifications.notices")
def notices() -> None:
    lanes.wake([Lane.NOTICE, Lane.BULK])


@worker_shutting_down.connect
def begin_nothing_new(**_: Any) -> None:
    lanes.stop()


@worker_shutdown.connect
def finish_what_is_on_its_way(**_: Any) -> None:
    lanes.finish()
