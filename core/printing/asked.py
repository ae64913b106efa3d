"""Documents asked for: made by a worker one after the other, and kept."""

from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

Row = TypeVar("Row", bound="Asked")


class AskedQuerySet(models.QuerySet[Row]):
    def due(self, at: datetime) -> Self:
        """Asked for, and no worker is at it: one that was killed holds its row a little longer."""
        free = Q(held_until=None) | Q(held_until__lt=at)
        return self.filter(free, made_at=None, error="").order_by(*self.model.TURN)

    def without_pdf(self) -> Self:
        return self.defer("pdf")


class Asked(models.Model):
    """Whoever prints adds what the document is of: the same, asked for at the same time, is one row."""

    TURN: ClassVar[tuple[str, ...]] = ("requested_at",)

    pdf = models.BinaryField(null=True)
    requested_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)  # laid out so far
    made_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    objects: ClassVar[Any] = AskedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
