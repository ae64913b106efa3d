from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.printing.asked import Asked
from postmortems.models.postmortem import Postmortem


class Rendering(Asked):
    """A PDF of a postmortem. Of a draft only the newest is kept."""

    TURN: ClassVar[tuple[str, ...]] = ("patient", "requested_at")

    class Language(models.TextChoices):
        KOREAN = "ko", _("Korean")
        ENGLISH = "en", _("English")
        BOTH = "both", _("Korean and English")

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="renderings")
    language = models.CharField(max_length=4, choices=Language)
    digest = models.CharField(max_length=64)  # of the facts and texts it shows
    frozen = models.BooleanField(default=False)  # of a published version: kept for good
    patient = models.BooleanField(default=False)  # one of many, behind which no single one waits

    class Meta(Asked.Meta):
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
