"""What was sent to prove that a way leads to its owner."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from teams.domain.codes import LASTS, TRIES, code


class ContactCodes(models.QuerySet["ContactCode"]):
    def recent(self, *, at: datetime) -> "ContactCodes":
        return self.filter(made_at__gt=at - LASTS)

    def outlived(self, *, at: datetime) -> "ContactCodes":
        """What neither verifies nor counts any more."""
        return self.filter(made_at__lte=at - LASTS)

    def open(self, *, at: datetime) -> "ContactCodes":
        return self.recent(at=at).filter(tries__lt=TRIES, used=False)


class ContactCode(models.Model):
    """It belongs to a person and an address, not to a row of theirs: removing that and adding it
    again gives no further codes, and a changed address needs one of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used = models.BooleanField(default=False)

    objects = ContactCodes.as_manager()

    class Meta:
        constraints = [
            # Or six digits could be guessed.
            models.CheckConstraint(condition=Q(tries__lte=TRIES), name="few_tries_a_code"),
        ]
        indexes = [models.Index(fields=["user", "made_at"], name="code_by_person")]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"

    @property
    def digits(self) -> str:
        return code(self.pk, settings.SECRET_KEY)
