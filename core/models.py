from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Now


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str) -> None:
        self.bulk_create(
            [Heartbeat(name=name, at=Now())],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )

    def fresh(self, name: str, *, at: datetime, within: timedelta) -> bool:
        return self.filter(name=name, at__gt=at - within).exists()


class Heartbeat(models.Model):
    """When each tick, and Beat itself, last ran: what readiness is judged by."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
