"""Documents asked for: made by a worker one after the other, and kept."""

from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from core.nudge import nudge

Row = TypeVar("Row", bound="Asked")


class AskedQuerySet(models.QuerySet[Row]):
    def due(self, at: datetime) -> Self:
        """Asked for, and no worker is at it: one that was killed holds its row a little longer."""
        free = Q(held_until=None) | Q(held_until__lt=at)
        return self.filter(free, made_at=None, error="").order_by(*self.model.TURN)

    def before(self, row: Row, at: datetime) -> int:
        """How many are made before it."""
        return self.due(at).filter(requested_at__lt=row.requested_at).count()

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

    def want(self, tick: str, *, again: bool) -> None:
        """The tick makes it, unless it is made; one that failed only when it is asked for `again`."""
        if again and self.error:
            self.error, self.tries, self.held_until, self.pages = "", 0, None, 0
            self.save(update_fields=["error", "tries", "held_until", "pages"])
        if self.made_at is None and not self.error:
            nudge(tick)
