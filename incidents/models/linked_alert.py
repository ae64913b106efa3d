from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from monitoring.models import Alert


class LinkedAlert(models.Model):
    """The incident an alert belongs to, and since when."""

    alert = models.OneToOneField(
        Alert, models.CASCADE, primary_key=True, related_name="incident_link"
    )
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="alert_links")
    at = models.DateTimeField(_("joined at"))
    # The merged incident that brought it, to which it goes back when that is undone.
    came_from = models.ForeignKey(
        Incident, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    silence_said = models.UUIDField(null=True)  # the silence that the timeline last told of

    class Meta:
        verbose_name = _("linked alert")
        verbose_name_plural = _("linked alerts")

    def __str__(self) -> str:
        return f"{self.alert} → #{self.incident_id}"
