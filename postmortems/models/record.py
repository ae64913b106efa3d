"""What of the incident's record the postmortem tells."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from postmortems.models.postmortem import Postmortem
from teams.models import Service


class Moment(models.Model):
    """An event of the timeline that it tells; the event itself is the source."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="moments")
    seq = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("moment")
        verbose_name_plural = _("moments")
        ordering = ["seq"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "seq"], name="one_moment_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.postmortem_id}/{self.seq}"


class ServiceImpact(models.Model):
    """How long one service was affected; an end that is not known is blank."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="impacts")
    service = models.ForeignKey(
        Service, models.CASCADE, related_name="+", verbose_name=_("service")
    )
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("affected service")
        verbose_name_plural = _("affected services")
        ordering = ["began_at", "service_id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "service"], name="one_impact_a_service"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="impact_ends_after_it_began",
                violation_error_message=_("It ends after it began."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.service)
