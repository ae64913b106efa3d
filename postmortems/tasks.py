from celery import shared_task

from postmortems import services


@shared_task(name="postmortems.render_due")
def render_due() -> None:
    services.render_due()
