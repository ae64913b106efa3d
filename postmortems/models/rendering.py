from django.db import models
from django.db.models import Q

from postmortems.models.postmortem import Postmortem


class Rendering(models.Model):
    """A PDF asked for: made by the worker, kept until the text behind it changes."""

    postmortem = models.OneToOneField(Postmortem, models.CASCADE, related_name="rendering")
    digest = models.CharField(max_length=64)  # of the facts and texts it shows
    pdf = models.BinaryField(null=True)
    requested_at = models.DateTimeField()
    error = models.TextField(blank=True, default="")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["requested_at"], condition=Q(pdf=None, error=""), name="rendering_due"
            )
        ]

    def __str__(self) -> str:
        return f"PDF {self.postmortem_id}"
