from typing import Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from statuspage.models.notice import Notice

WORST, BEST = 1, 5
LONGEST: Final = 1000


class Rating(models.Model):
    """How a reader found what we did about an incident. Whoever says it again has changed their mind."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="ratings", db_index=False)
    voter = models.CharField(max_length=32)  # a keyed digest: nobody can be read from it
    score = models.PositiveSmallIntegerField(
        _("score"), validators=[MinValueValidator(WORST), MaxValueValidator(BEST)]
    )
    comment = models.CharField(_("comment"), max_length=LONGEST, blank=True, default="")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-at"]
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="rating_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["notice", "voter"], name="one_voice_a_reader"),
            models.CheckConstraint(
                condition=Q(score__range=(WORST, BEST)), name="a_score_is_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score}/{BEST}"
