"""The page that the PDF maker is handed: a template in a language and a time zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

# Characters that are invalid in the PDF's XML, or that turn the direction of the text around them.
UNPRINTABLE: Final = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0x202A, 0x202F),
     *range(0x2066, 0x206A), 0xFEFF, 0xFFFE, 0xFFFF]
)  # fmt: skip


def page(template: str, context: dict[str, Any], *, language: str, zone: ZoneInfo) -> str:
    with read_in(language, zone):
        return render_to_string(template, context).translate(UNPRINTABLE)


@contextmanager
def read_in(language: str, zone: ZoneInfo) -> Iterator[None]:
    with translation.override(language), timezone.override(zone):
        yield


def counting_words() -> tuple[str, str, str]:
    """The words around the two page numbers, which only the PDF maker knows."""
    before, _page, rest = _("Page {page} of {pages}").partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    return before, between, after
