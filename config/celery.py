import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("bongsu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.task_queues = [Queue(name) for name in ("page", "notify", "bulk", "pdf")]
app.conf.task_routes = {
    "incidents.*": {"queue": "page"},
    "monitoring.tick": {"queue": "page"},
    "notifications.pages": {"queue": "page"},
    "notifications.notices": {"queue": "notify"},
    "monitoring.prune": {"queue": "bulk"},
    "postmortems.*": {"queue": "pdf"},
}

TICK, SLOW = 5.0, 3600.0
app.conf.beat_schedule = {
    name: {"task": name, "schedule": every, "options": {"expires": every}}
    for name, every in {
        "incidents.tick": TICK,
        "incidents.note_outcomes": TICK,
        "monitoring.tick": TICK,
        "notifications.pages": TICK,
        "notifications.notices": TICK,
        "postmortems.render_due": TICK,
        "monitoring.prune": SLOW,
    }.items()
}
