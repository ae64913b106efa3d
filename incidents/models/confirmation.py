import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from incidents.domain.confirming import LASTS, TRIES


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def recent(self, *, at: datetime) -> "ConfirmationQuerySet":
        return self.filter(at__gt=at - LASTS)

    def outlived(self, *, at: datetime) -> "ConfirmationQuerySet":
        return self.filter(at__lte=at - LASTS)

    def open(self, *, at: datetime) -> "ConfirmationQuerySet":
        return self.recent(at=at).filter(tries__lt=TRIES, used=False)


class Confirmation(models.Model):
    """What somebody asked for by text message, until they send back the code they were sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    command = models.TextField()
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used = models.BooleanField(default=False)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.command
