from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.printing.asked import Asked


class CapacityPaper(Asked):
    """The capacities as a PDF. Of each language only the newest is kept."""

    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    digest = models.CharField(max_length=64)  # of the forecasts it shows, and of the day

    class Meta(Asked.Meta):
        constraints = [
            # Whoever asks for the same at the same time waits for the same row.
            models.UniqueConstraint(fields=["language", "digest"], name="one_paper_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"PDF of capacities, {self.language}"
