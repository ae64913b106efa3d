from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from statuspage.domain.phases import Phase
from statuspage.domain.placeholders import unknown
from statuspage.models.notice import PhaseName


def validate_gaps(text: str) -> None:
    if names := unknown(text):
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
        help_text=_("{components} becomes the names of what is affected."),
    )  # fmt: skip
    body_en = models.TextField(_("text (English)"), blank=True, validators=[validate_gaps])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("prepared words")
        verbose_name_plural = _("prepared words")
        ordering = ["position", "pk"]
