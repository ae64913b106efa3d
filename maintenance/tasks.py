from celery import shared_task

from core import clock
from maintenance import services


@shared_task(name="maintenance.forecast_capacities")
def forecast_capacities() -> None:
    services.forecast_due(at=clock.database_now())
