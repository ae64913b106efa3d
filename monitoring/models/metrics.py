from datetime import datetime
from typing import Final

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.charts.units import a_second, unit_of
from monitoring.domain.samples import is_counter
from monitoring.kinds import Kind
from teams.models import Service

# Of the very form of the index, or no search would use it.
WORDS: Final = Upper(
    Concat("name", Value(" "), Cast("labels", TextField()), output_field=TextField())
)


class MetricQuerySet(models.QuerySet["Metric"]):
    def search(self, words: str) -> "MetricQuerySet":
        """Every word in name or labels, in whatever place; `host=web-1` is that very label."""
        rows = self.alias(words=WORDS)
        for word in words.split():
            name, is_label, value = word.partition("=")
            if is_label and name and value:
                rows = rows.filter(labels__contains={name: value.strip('"')})
            else:
                rows = rows.filter(words__contains=word.upper())
        return rows

    def of_host(self, host: str) -> "MetricQuerySet":
        rows = self.alias(host=KT("labels__host")).filter(host=host)
        return rows.filter(labels__has_key="host")  # as the index says, or it is not used

    def of_check(self, name: str) -> "MetricQuerySet":
        return self.filter(labels__contains={"check": name})

    def heard_since(self, moment: datetime) -> "MetricQuerySet":
        return self.filter(Q(last_at__gte=moment) | Q(last_at=None, created_at__gte=moment))

    def retire(self, *, at: datetime) -> int:
        """What falls silent now was meant to."""
        return self.update(retired_at=at)


class Metric(models.Model):
    """Something that is measured, by name and labels. Its samples lie in tables of their own."""

    name = models.TextField(_("name"))
    labels = models.JSONField(_("labels"), default=dict)
    fingerprint = models.UUIDField(unique=True, editable=False)  # of both, in one spelling
    unit = models.CharField(_("unit"), max_length=40, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.APPLICATION)
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="metrics",
        verbose_name=_("service"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created at"))
    last_at = models.DateTimeField(_("last sample"), null=True)  # as of the last roll-up
    # Nobody asks for it any more, until a later sample shows that somebody does.
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = MetricQuerySet.as_manager()

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["name", "id"], name="metric_by_name"),
            models.Index(fields=["service", "kind", "name", "id"], name="metric_by_place"),
            models.Index(fields=["service", "kind", "last_at", "id"], name="metric_overview"),
            GinIndex(OpClass(WORDS, name="gin_trgm_ops"), name="metric_words"),
            GinIndex(OpClass(F("labels"), name="jsonb_path_ops"), name="metric_labels"),
            models.Index(
                KT("labels__host"), "last_at", condition=Q(labels__has_key="host"),
                name="metric_by_host",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        labels = ", ".join(f'{name}="{value}"' for name, value in sorted(self.labels.items()))
        return f"{self.name}{{{labels}}}" if labels else self.name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:metric", args=[self.pk])

    @property
    def grows(self) -> bool:
        """What is shown and judged of it is how fast, a second."""
        return is_counter(self.name)

    @property
    def shown_in(self) -> str:
        """The unit of what is shown of it."""
        unit = unit_of(self.name, self.unit)
        return a_second(unit) if self.grows else unit

    @property
    def sorted_labels(self) -> list[tuple[str, str]]:
        return sorted(self.labels.items())
