from django.conf import settings
from django.db import models

from incidents.models.incident import Incident


class Presence(models.Model):
    """When somebody last looked at a room. No history: one row a person and room, and old ones go."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="presences", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["incident", "user"], name="one_presence_a_person"),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.user_id}"
