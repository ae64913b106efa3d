from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.printing.asked import Asked
from maintenance.domain.periods import Frequency, Period


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


class RoutinePaper(Asked):
    """The report of a period as a PDF. Of each period and language only the newest is kept."""

    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    frequency = models.CharField(max_length=10, choices=[(one, one) for one in Frequency])
    first = models.DateField()
    digest = models.CharField(max_length=64)  # of the runs it tells of

    class Meta(Asked.Meta):
        constraints = [
            # As of the capacities: whoever asks at the same time waits for the same row.
            models.UniqueConstraint(
                fields=["frequency", "first", "language", "digest"], name="one_report_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"PDF of routine work, {self.period}, {self.language}"

    @property
    def period(self) -> Period:
        return Period(Frequency(self.frequency), self.first)
