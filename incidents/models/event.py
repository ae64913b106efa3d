from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from incidents.domain.chain import Link
from incidents.domain.story import KINDS, Place, Show
from incidents.models.incident import Incident


class EventQuerySet(models.QuerySet["Event"]):
    def shown(self, show: Show, *, pinned: Collection[int]) -> "EventQuerySet":
        if show == Show.PEOPLE:
            return self.filter(Q(actor_user__isnull=False) | Q(kind__in=KINDS[show]))
        if show == Show.KEY:
            return self.filter(Q(kind__in=KINDS[show]) | Q(seq__in=pinned))
        return self.filter(kind__in=KINDS[show]) if show in KINDS else self

    def older_than(self, place: Place) -> "EventQuerySet":
        return self.filter(at__lte=place.at).filter(_lower(place))

    def down_to(self, place: Place) -> "EventQuerySet":
        return self.filter(at__gte=place.at).exclude(_lower(place))

    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-at", "-incident", "-seq")


def _lower(place: Place) -> Q:
    there = Q(at=place.at)
    return (
        Q(at__lt=place.at)
        | there & Q(incident__lt=place.number)
        | there & Q(incident=place.number, seq__lt=place.seq)
    )


class Event(models.Model):
    """One line of the timeline. Append-only: permission and a trigger in the database see to it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="timeline", db_index=False)
    seq = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=30)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    actor = models.CharField(_("actor"), max_length=150, blank=True)
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("timeline")
        ordering = ["incident_id", "seq"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["incident", "seq"], name="one_event_a_place"),
        ]
        # What was written late stands where it happened, so a room is not read by place.
        indexes = [
            models.Index(fields=["incident", "at", "seq"], name="events_as_they_happened"),
            models.Index(fields=["incident"], condition=Q(kind="note"), name="event_notes"),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id}/{self.seq} {self.kind}"

    @property
    def place(self) -> Place:
        return Place(self.at, self.incident_id, self.seq)

    @property
    def written_at(self) -> datetime | None:
        """When it was written down, if that was later than it happened."""
        return parse_datetime(self.data.get("written_at", ""))

    @property
    def link(self) -> Link:
        data: dict[str, Any] = self.data
        return Link(
            self.incident_id, self.seq, self.at, self.kind, self.actor_user_id, self.actor, data
        )


class Pin(models.Model):
    """A moment somebody marked as one to remember. Beside the timeline, not on it: marks may be undone."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="pins", db_index=False)
    seq = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("key moment")
        verbose_name_plural = _("key moments")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["incident", "seq"], name="one_pin_a_moment"),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id}/{self.seq}"
