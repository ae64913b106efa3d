"""Setting Korean in print: words stay whole, only overlong ones break."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from core.printing import measure

register = template.Library()

SPACES = re.compile(r"[ \t\r\n]+")  # not the no-break space, which keeps "5 min" on one line
HANGUL = "가-힣ㄱ-ㆎ"
LOOSE = HANGUL + "一-鿿/?!+}|…–—-"  # a line may end behind these, though no word does
# Without marks and joiners, which belong to the letter before.
PLAIN = HANGUL + "一-鿿!-~¡-ÿ‐-‧‰-⁞←-⯿、-〿"
JOINTS = re.compile(rf"(?<=[{LOOSE}])(?=[{PLAIN}])|(?<=[{PLAIN}])(?=[{HANGUL}])")
KOREAN = re.compile(f"[{HANGUL}]")
WORD_JOINER = "\N{WORD JOINER}"
LONGEST_WHOLE = 16.0  # in letter sizes; a longer "word" must break, or it leaves a gap before it


@register.filter
def words(text: str) -> SafeString:
    """Each Korean word joined within: the PDF maker ignores `word-break: keep-all`.

    A span that does not wrap would hold it as well, but costs as much to lay out as a paragraph. The
    joiner has no glyph, so nothing of it is in the text that is copied, searched or read aloud.
    """
    return escape(
        " ".join(JOINTS.sub(WORD_JOINER, word) if whole else word for word, whole in apart(text))
    )


@register.filter
def apart(text: str) -> list[tuple[str, bool]]:
    """Each word, and whether it stays whole: for spaced letters, among which a joiner counts as one."""
    return [(word, _stays_whole(word)) for word in SPACES.split(text)]


@register.filter
def paragraphs(text: str) -> list[str]:
    return [block for block in re.split(r"\n\s*\n", text.strip()) if block]


def _stays_whole(word: str) -> bool:
    return bool(KOREAN.search(word)) and measure.width(word) <= LONGEST_WHOLE
