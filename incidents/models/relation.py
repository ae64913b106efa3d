from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.domain.relations import Relation
from incidents.models.incident import Incident


class RelationName(models.TextChoices):
    RELATED = Relation.RELATED, _("Related to")
    CAUSED_BY = Relation.CAUSED_BY, _("Caused by")
    CAUSES = Relation.CAUSES, _("The cause of")
    DUPLICATE = Relation.DUPLICATE, _("A duplicate of")


class Related(models.Model):
    """What `other` is to `incident`. Two rows for two incidents, so that each is asked by its own side alone."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="relations", db_index=False)
    other = models.ForeignKey(Incident, models.CASCADE, related_name="+", db_index=False)
    relation = models.CharField(_("relation"), max_length=10, choices=RelationName)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("related incident")
        verbose_name_plural = _("related incidents")
        ordering = ["-other"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["incident", "other"], name="one_relation_a_pair"),
            models.CheckConstraint(condition=~Q(incident=F("other")), name="related_to_another"),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.relation} #{self.other_id}"
