from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.models import Service


class Kind(models.TextChoices):
    SYSTEM = "system", _("system")
    APPLICATION = "application", _("application")
    BUSINESS = "business", _("business")
    SECURITY = "security", _("security")


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

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        labels = ", ".join(f'{name}="{value}"' for name, value in sorted(self.labels.items()))
        return f"{self.name}{{{labels}}}" if labels else self.name
