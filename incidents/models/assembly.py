from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.models.incident import Incident


class AssemblyQuerySet(models.QuerySet["Assembly"]):
    def invite_more(self, incident: Incident, *, at: datetime) -> None:
        """Somebody was told who may not be in the channel yet."""
        self.filter(incident=incident, due_at=None).exclude(channel="").update(due_at=at)


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
