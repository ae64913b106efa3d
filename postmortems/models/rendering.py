from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from postmortems.models.postmortem import Postmortem


class RenderingQuerySet(models.QuerySet["Rendering"]):
    def due(self, at: datetime) -> "RenderingQuerySet":
        """Asked for, and no worker is at it: one that was killed holds its row a little longer."""
        free = Q(held_until=None) | Q(held_until__lt=at)
        return self.filter(free, made_at=None, error="").order_by("patient", "requested_at")

    def without_pdf(self) -> "RenderingQuerySet":
        return self.defer("pdf")


class Rendering(models.Model):
    """A PDF asked for: made by the worker, and kept. Of a draft only the newest is."""

    class Language(models.TextChoices):
        KOREAN = "ko", _("Korean")
        ENGLISH = "en", _("English")
        BOTH = "both", _("Korean and English")

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="renderings")
    language = models.CharField(max_length=4, choices=Language)
    digest = models.CharField(max_length=64)  # of the facts and texts it shows
    frozen = models.BooleanField(default=False)  # of a published version: kept for good
    patient = models.BooleanField(default=False)  # one of many, behind which no single one waits
    pdf = models.BinaryField(null=True)
    requested_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)  # laid out so far
    made_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    objects = RenderingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            # Whoever asks for the same at the same time waits for the same row.
            models.UniqueConstraint(
                fields=["postmortem", "language", "digest"], name="one_rendering_of_a_kind"
            )
        ]
        indexes = [
            models.Index(
                fields=["patient", "requested_at"],
                condition=Q(made_at=None, error=""),
                name="rendering_due",
            )
        ]

    def __str__(self) -> str:
        return f"PDF {self.postmortem_id} {self.language}"
