from django.db import models
from django.utils.translation import gettext_lazy as _

from monitoring.models.integration import Integration
from teams.models import Service


class Change(models.Model):
    """Somebody deployed, migrated or switched something: told by a machine, and calls nobody."""

    integration = models.ForeignKey(
        Integration, models.CASCADE, related_name="changes", verbose_name=_("integration")
    )
    summary = models.TextField(_("summary"))
    source = models.CharField(_("source"), max_length=255, blank=True)
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, related_name="+", verbose_name=_("service")
    )
    happened_at = models.DateTimeField(_("happened at"), db_index=True)
    received_at = models.DateTimeField(_("received at"))
    details = models.JSONField(_("details"), default=dict)  # names to texts
    links = models.JSONField(_("links"), default=list)  # of href and text

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-happened_at", "-id"]

    def __str__(self) -> str:
        return self.summary
