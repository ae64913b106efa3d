"""Names an administrator writes in both languages: `name_ko` and `name_en`, read as `name`."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(korean: str, english: str, language: str | None = None) -> str:
    """The text in the reader's language, or in the other one rather than nothing."""
    if (language or get_language() or "ko").startswith("ko"):
        return korean or english
    return english or korean


class Named(models.Model):
    name_ko = models.CharField(_("name (Korean)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_ko, self.name_en)
