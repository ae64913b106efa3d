"""Names an administrator writes in both languages: `name_ko` and `name_en`, read as `name`.

And what the portal says by itself, kept in every language that it speaks.
"""

from typing import Any

from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("ko", "en")


def in_language(korean: str, english: str, language: str | None = None) -> str:
    """The text in the reader's language, or in the other one rather than nothing."""
    if (language or get_language() or "ko").startswith("ko"):
        return korean or english
    return english or korean


def in_both(text: object) -> dict[str, str]:
    """What is put into words when it is read, as it reads in each language."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(text)
    return found


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


class Told(models.Model):
    """A title and a description as they stand, and in other languages where they are words of ours.

    Machines get `title` and `description`, and both are searched; people read `heading` and `details`.
    """

    title: "models.TextField[str, str]"
    description: "models.TextField[str, str]"
    translations = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), editable=False
    )

    class Meta:
        abstract = True

    def told_in(self, language: str | None = None) -> dict[str, str]:
        """What is said otherwise in that language; nothing where there is but one way to say it."""
        return dict(self.translations.get((language or get_language() or "ko")[:2], {}))

    @property
    def heading(self) -> str:
        return self.told_in().get("title", self.title)

    @property
    def details(self) -> str:
        return self.told_in().get("description", self.description)

    @property
    def titled(self) -> dict[str, Any]:
        """The title as facts of a timeline, whose words come when it is read."""
        others = {
            language: {"title": told["title"]}
            for language, told in self.translations.items()
            if "title" in told
        }
        return {"title": self.title} | ({"translations": others} if others else {})
