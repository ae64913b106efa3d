"""How long a component was in which state: all figures of availability come from these rows."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from statuspage.domain.states import State
from statuspage.domain.uptime import Span
from statuspage.models.notice import Notice
from statuspage.models.page import Component, StateName


class Source(models.TextChoices):
    INCIDENT = "incident", _("incident")
    MAINTENANCE = "maintenance", _("maintenance")
    PERSON = "person", _("person")
    BACKFILL = "backfill", _("added later")
    UNWATCHED = "unwatched", _("nobody watched")


class IntervalQuerySet(models.QuerySet["Interval"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def since(self, begin: datetime) -> Self:
        """Also what begins in a moment: the clocks of two hosts differ."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=begin))


class Interval(models.Model):
    """From when until when a component was in a state, and who says so.

    They may overlap: the worst counts. Where there is none the component is operational, since its first day.
    """

    component = models.ForeignKey(
        Component, models.CASCADE, related_name="intervals", verbose_name=_("component")
    )
    notice = models.ForeignKey(
        Notice, models.CASCADE, null=True, related_name="intervals", db_index=False
    )
    state = models.CharField(_("state"), max_length=20, choices=StateName)
    source = models.CharField(_("source"), max_length=12, choices=Source)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True)

    objects = IntervalQuerySet.as_manager()

    class Meta:
        verbose_name = _("state over time")
        verbose_name_plural = _("states over time")
        ordering = ["began_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")),
                name="an_interval_ends_after_it_begins",
                violation_error_message=_("It has to end after it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OPERATIONAL),
                name="what_is_well_needs_no_interval",
                violation_error_message=_(
                    "Operational is said of nothing: choose how it was otherwise."
                ),
            ),
            # Of one notice a component is in one state at a time.
            models.UniqueConstraint(
                fields=["component", "notice"],
                condition=Q(ended_at=None, notice__isnull=False),
                name="one_open_interval_a_notice",
            ),
        ]
        indexes = [
            models.Index(fields=["component", "ended_at"], name="interval_recent"),
            models.Index(
                fields=["notice"], condition=Q(ended_at=None, notice__isnull=False),
                name="interval_open",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.component} {self.state} {self.began_at:%F %R}"

    @property
    def span(self) -> Span:
        ended = int(self.ended_at.timestamp()) if self.ended_at else None
        return Span(State(self.state), int(self.began_at.timestamp()), ended)
