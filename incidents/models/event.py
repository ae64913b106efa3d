from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.domain.chain import Link
from incidents.models.incident import Incident


class Event(models.Model):
    """One line of the timeline. Append-only: permission and a trigger in the database see to it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="timeline", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=30)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    actor = models.CharField(_("actor"), max_length=150, blank=True)
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("timeline")
        ordering = ["incident_id", "seq"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["incident", "seq"], name="one_event_a_place"),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id}/{self.seq} {self.kind}"

    @property
    def link(self) -> Link:
        data: dict[str, Any] = self.data
        return Link(
            self.incident_id, self.seq, self.at, self.kind, self.actor_user_id, self.actor, data
        )
