from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.models.incident import Incident


class AssemblyQuerySet(models.QuerySet["Assembly"]):
    def look_again(self, incident: Incident, *, at: datetime) -> None:
        """Its channel may lack somebody, or say of the incident what is no longer so.

        A worker that is at it is overtaken by whoever looks next.
        """
        self.filter(incident=incident).exclude(channel="").update(due_at=at, attempts=0)

    def dismiss(self, incident: Incident, *, at: datetime) -> None:
        """Nobody needs the channel any more, once the incident is over."""
        self.filter(incident=incident).update(dismissed=True)
        self.look_again(incident, at=at)


class Assembly(models.Model):
    """The team is called together: that it was asked for, and how far its channel has come.

    Without a channel the portal's room is the place.
    """

    incident = models.OneToOneField(
        Incident, models.CASCADE, primary_key=True, related_name="assembly"
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )  # null: the severity did
    due_at = models.DateTimeField(null=True)  # of the next attempt, or the end of one's lease
    attempts = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=30, blank=True, default="")
    name = models.CharField(max_length=80, blank=True, default="")
    invited = ArrayField(models.CharField(max_length=30), default=list)
    furnished = models.BooleanField(default=False)
    topic = models.CharField(max_length=250, blank=True, default="")
    dismissed = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True, default="")

    objects = AssemblyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at=None) | ~Q(channel=""), name="open_has_a_channel"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="assembly_due"),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.name}"
