from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.bilingual import Named
from statuspage.domain.phases import Phase
from statuspage.domain.placeholders import unknown
from statuspage.models.notice import PhaseName


def validate_gaps(text: str, phase: str | None = None) -> None:
    if names := unknown(text, phase):
        raise ValidationError(
            _("Nothing is known to put in for {%(name)s}."), params={"name": min(names)}
        )


class Prepared(Named):
    """Words to begin with, for the phase in which they are said."""

    phase = models.CharField(
        _("phase"), max_length=16, choices=PhaseName, default=Phase.INVESTIGATING
    )
    body_ko = models.TextField(
        _("text (Korean)"), validators=[validate_gaps],
        help_text=_(
            "{components} becomes the names of what is affected; in words for a maintenance {times} becomes"
            " its times, {begin} and {end} either of them."
        ),
    )  # fmt: skip
    body_en = models.TextField(_("text (English)"), blank=True, validators=[validate_gaps])
    position = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "position"), default=0)

    class Meta:
        verbose_name = _("prepared words")
        verbose_name_plural = _("prepared words")
        ordering = ["position", "pk"]

    def clean(self) -> None:
        """An incident has no planned times."""
        validate_gaps(self.body_ko, self.phase)
        validate_gaps(self.body_en, self.phase)
