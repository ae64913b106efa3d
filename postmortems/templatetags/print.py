"""Setting Korean in print: words stay whole, only overlong ones break."""

import re
from bisect import bisect_right
from itertools import accumulate

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from postmortems.domain import measure

register = template.Library()

SPACES = re.compile(r"[ \t\r\n]+")  # not the no-break space, which keeps "5 min" on one line
HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
SMALL = 12.0
LONGEST_WHOLE = 16.0  # in letter sizes; a longer "word" must break, or it runs off the page


@register.filter
def words(text: str, room: int | None = None) -> SafeString:
    """Each Korean word as a span that does not wrap: the PDF maker ignores `word-break: keep-all`.

    A span costs as much as a paragraph to lay out, so with the room of a line of small print (in
    pixels) those words go without that cannot stand at its end.
    """
    pieces = SPACES.split(text)
    free = _certain(pieces, room) if room else 0
    set_words = [escape(word) for word in pieces[:free]] + [_word(word) for word in pieces[free:]]
    return mark_safe(" ".join(set_words))  # noqa: S308 - each word is escaped


@register.filter
def paragraphs(text: str) -> list[str]:
    return [block for block in re.split(r"\n\s*\n", text.strip()) if block]


def _certain(pieces: list[str], room: int) -> int:
    """How many of the first words are on the first line whatever the font says: all, if they fit."""
    ends = list(accumulate(measure.width(f"{word} ", SMALL) for word in pieces))
    return bisect_right(ends, room if ends[-1] <= room else room * 0.8)


def _word(word: str) -> str:
    if HANGUL.search(word) and measure.width(word) <= LONGEST_WHOLE:
        return f'<span class="w">{escape(word)}</span>'
    return escape(word)
