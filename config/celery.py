import os
from functools import cached_property
from typing import Any

from celery import Celery
from django.conf import settings
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Portal(Celery):
    @cached_property
    def Worker(self) -> Any:  # noqa: N802 - Celery's name
        return self.subclass_with_self("config.mortal:MortalWorker")  # type: ignore[arg-type]


app = Portal("bongsu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# On RabbitMQ only a replicated queue keeps what it confirmed; other brokers ignore the argument.
durable = {"x-queue-type": "quorum"} if settings.CELERY_BROKER_URL.startswith("amqp") else None
app.conf.task_queues = [
    Queue(name, routing_key=name, queue_arguments=durable)
    for name in ("page", "notify", "sight", "bulk", "pdf", "crowd")
]
app.conf.worker_consumer = "config.consumer:PlainConsumer"
app.conf.task_routes = {
    "incidents.*": {"queue": "page"},
    "incidents.tell_stakeholders": {"queue": "notify"},
    "incidents.tell_of_holes": {"queue": "bulk"},
    "incidents.open_channels": {"queue": "notify"},
    "monitoring.tick": {"queue": "page"},
    "monitoring.tend_logs": {"queue": "sight"},
    "notifications.pages": {"queue": "page"},
    "notifications.notices": {"queue": "notify"},
    "monitoring.apply_rules": {"queue": "sight"},
    "monitoring.prune": {"queue": "bulk"},
    "monitoring.detect": {"queue": "sight"},
    "monitoring.roll_up": {"queue": "bulk"},
    "monitoring.collect": {"queue": "sight"},
    "energy.watch": {"queue": "sight"},
    "energy.foresee": {"queue": "sight"},
    "energy.mind_the_signer": {"queue": "sight"},
    "energy.ask_markets": {"queue": "bulk"},
    "energy.settle": {"queue": "sight"},
    "energy.respond": {"queue": "sight"},
    "energy.watch_the_watching": {"queue": "page"},
    "energy.prune": {"queue": "bulk"},
    "energy.remind_of_stakes": {"queue": "bulk"},
    "maintenance.back_up": {"queue": "bulk"},
    "maintenance.watch_backups": {"queue": "bulk"},
    "maintenance.forecast_capacities": {"queue": "bulk"},
    "maintenance.do_routine_work": {"queue": "bulk"},
    "maintenance.look_at_copies": {"queue": "bulk"},
    "maintenance.print_due": {"queue": "pdf"},
    "maintenance.look_at_sites": {"queue": "bulk"},
    "maintenance.see_to_checklists": {"queue": "notify"},
    "maintenance.play_drills": {"queue": "bulk"},
    "maintenance.prune": {"queue": "bulk"},
    "runbooks.tick": {"queue": "notify"},
    "runbooks.advance": {"queue": "sight"},
    "postmortems.tick": {"queue": "notify"},
    "postmortems.*": {"queue": "pdf"},
    "statuspage.post": {"queue": "crowd"},
    "statuspage.call": {"queue": "crowd"},
    "statuspage.catch_up": {"queue": "crowd"},
    "statuspage.mirror": {"queue": "crowd"},
    "statuspage.keep": {"queue": "bulk"},
    "statuspage.purge": {"queue": "bulk"},
    "statuspage.freeze": {"queue": "bulk"},
    "statuspage.*": {"queue": "notify"},
}

# Pages are swept more often: what a dead sender left is due after its lease, and waits for the sweep.
SWEEP, TICK, JUDGE, MINUTE, RARE, SLOW = 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0
app.conf.beat_schedule = {
    name: {"task": name, "schedule": every, "options": {"expires": every}}
    for name, every in {
        "incidents.tick": TICK,
        "incidents.note_outcomes": TICK,
        "incidents.tell_stakeholders": TICK,
        "incidents.open_channels": TICK,
        "monitoring.tick": TICK,
        "monitoring.collect": TICK,
        "monitoring.apply_rules": JUDGE,
        "energy.watch": TICK,
        "energy.ask_markets": MINUTE,
        "energy.foresee": JUDGE,
        "energy.mind_the_signer": MINUTE,
        "energy.settle": TICK,
        "energy.respond": TICK,
        "runbooks.tick": TICK,
        "runbooks.advance": TICK,
        "energy.watch_the_watching": JUDGE,
        "notifications.pages": SWEEP,
        "notifications.notices": TICK,
        "postmortems.render_due": TICK,
        "maintenance.print_due": TICK,
        "postmortems.tick": MINUTE,
        "statuspage.tick": TICK,
        "statuspage.post": TICK,
        "statuspage.call": TICK,
        "statuspage.catch_up": TICK,
        "statuspage.mirror": TICK,
        "monitoring.detect": JUDGE,
        "monitoring.roll_up": MINUTE,
        "monitoring.tend_logs": MINUTE,
        "maintenance.do_routine_work": MINUTE,
        "statuspage.keep": RARE,
        "maintenance.see_to_checklists": RARE,
        "maintenance.back_up": RARE,
        "maintenance.watch_backups": RARE,
        "maintenance.forecast_capacities": RARE,
        "maintenance.look_at_copies": JUDGE,
        "maintenance.look_at_sites": MINUTE,
        "maintenance.play_drills": MINUTE,
        "incidents.tell_of_holes": SLOW,
        "monitoring.prune": SLOW,
        "energy.prune": SLOW,
        "maintenance.prune": SLOW,
        "energy.remind_of_stakes": SLOW,
        "postmortems.report": SLOW,
        "statuspage.purge": SLOW,
        "statuspage.freeze": SLOW,
    }.items()
}
