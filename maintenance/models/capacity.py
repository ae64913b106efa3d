from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from monitoring.models import Metric

AGAIN: Final = timedelta(hours=6)  # a forecast of days does not change within hours


class CapacityKind(models.TextChoices):
    CPU = "cpu", _("CPU")
    MEMORY = "memory", _("memory")
    STORAGE = "storage", _("storage")
    NETWORK = "network", _("network")
    ENERGY = "energy", _("energy")
    OTHER = "other", _("other")


class Price(Named):
    """What can be bought when a resource runs out."""

    adds = models.DecimalField(
        _("adds"), max_digits=30, decimal_places=6, default=0,
        validators=[MinValueValidator(0)],
        help_text=_(
            "How much one piece adds, in the metric's unit (500 GB are 500000000000 bytes). 0 where "
            "the resource is a share, as the CPU in per cent: then its number of pieces counts."
        ),
    )  # fmt: skip
    cost = models.DecimalField(
        _("cost"), max_digits=20, decimal_places=6, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=12, default="KRW")
    lead_days = models.PositiveSmallIntegerField(
        _("lead time in days"), default=0, help_text=_("From the order until it can be used.")
    )

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["name_ko", "id"]


class CapacityQuerySet(models.QuerySet["Capacity"]):
    def due(self, *, at: datetime) -> "CapacityQuerySet":
        """The longest without a forecast first; at once when never made or when settings changed."""
        old = Q(forecast=None) | Q(forecast__at__lte=at - AGAIN)
        changed = Q(changed_at__gt=F("forecast__at"))
        return self.filter(old | changed).order_by(F("forecast__at").asc(nulls_first=True), "id")


class Capacity(models.Model):
    """A metric that can run out, and at which value it has."""

    metric = models.OneToOneField(
        Metric, models.CASCADE, related_name="capacity", verbose_name=_("metric")
    )
    name = models.CharField(
        _("name"), max_length=120, blank=True, default="", help_text=_("Else that of the metric.")
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=CapacityKind, default=CapacityKind.OTHER
    )
    warning_at = models.FloatField(
        _("warning at"), null=True, blank=True, help_text=_("In the metric's unit.")
    )
    full_at = models.FloatField(
        _("full at"), help_text=_("In the metric's unit: 90 of a metric in per cent, or bytes.")
    )
    pieces = models.PositiveIntegerField(
        _("number of pieces"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Of a share: how many servers, cores or disks it is a share of."),
    )  # fmt: skip
    site_lost_percent = models.PositiveSmallIntegerField(
        _("more when a site is lost, in per cent"), null=True, blank=True,
        help_text=_("How much of another site's load this resource then takes on."),
    )  # fmt: skip
    price = models.ForeignKey(
        Price, models.SET_NULL, null=True, blank=True, related_name="capacities",
        verbose_name=_("price"),
    )  # fmt: skip
    changed_at = models.DateTimeField(auto_now=True)

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(full_at__gt=0), name="full_is_above_nothing",
                violation_error_message=_("Full is at a value above 0."),
            ),
            models.CheckConstraint(
                condition=Q(warning_at=None) | Q(warning_at__lt=F("full_at")),
                name="warned_before_full",
                violation_error_message=_("The warning has to come before it is full."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or str(self.metric)

    def get_absolute_url(self) -> str:
        return reverse("maintenance:capacity", args=[self.pk])

    def clean(self) -> None:
        if self.price and not self.price.adds and not self.pieces:
            raise ValidationError(
                {"pieces": _("This price adds nothing by itself: say how many pieces there are.")}
            )


class State(models.TextChoices):
    KNOWN = "known", _("forecast")
    TOO_LITTLE = "too_little", _("too little history")
    FAILED = "failed", _("failed")


class CapacityForecast(models.Model):
    """What was last foreseen of a resource; dates are ranges, and none means: not as far as can be seen."""

    capacity = models.OneToOneField(
        Capacity, models.CASCADE, primary_key=True, related_name="forecast"
    )
    at = models.DateTimeField(_("made at"))
    state = models.CharField(_("state"), max_length=12, choices=State)
    detail = models.TextField(blank=True, default="")
    until = models.DateTimeField(null=True)  # the last reading: days ahead count from it
    known_days = models.PositiveIntegerField(default=0)
    horizon_days = models.PositiveIntegerField(default=0)
    now = models.FloatField(null=True)
    pace = models.FloatField(null=True)  # a day
    changed_days = models.PositiveIntegerField(null=True)
    reaches = models.JSONField(default=dict)  # by threshold and scenario, of domain.reaches.Dates
    course = models.JSONField(default=dict)  # daily: past, middle, and the edges of both bands
    hours = models.JSONField(default=dict)
    advice = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("capacity forecast")
        verbose_name_plural = _("capacity forecasts")

    def __str__(self) -> str:
        return f"{self.capacity_id} {self.at:%Y-%m-%d %H:%M}"
