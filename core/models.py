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


class PlantedQuerySet(models.QuerySet["Planted"]):
    def first_time(self, name: str) -> bool:
        _row, is_new = self.get_or_create(name=name)
        return is_new


class Planted(models.Model):
    """A part of the seeds that was planted once: whoever deletes all of it does not get it back."""

    name = models.CharField(max_length=40, primary_key=True)

    objects = PlantedQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
