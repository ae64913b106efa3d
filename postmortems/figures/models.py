from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

MONTH, QUARTER = 30, 90


class Span(models.IntegerChoices):
    MONTHLY = MONTH, _("monthly")
    QUARTERLY = QUARTER, _("quarterly")


class ImprovementReport(models.Model):
    """As it was printed and sent: what is corrected afterwards changes the figures, not what people were told."""

    days = models.PositiveSmallIntegerField(_("of days"), choices=Span)
    until = models.DateField(_("until"))  # the first day that it does not speak of
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    made_at = models.DateTimeField(_("made at"))
    pdf = models.BinaryField()

    class Meta:
        verbose_name = _("improvement report")
        verbose_name_plural = _("improvement reports")
        ordering = ["-until", "days", "language"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["days", "until", "language"], name="one_report_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.until} {self.get_days_display()} {self.language}"

    def get_absolute_url(self) -> str:
        return reverse("postmortems:report", args=[self.pk])
