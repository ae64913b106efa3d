"""What others put on their own pages: a badge of the page and of each component, a frame, and how to."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from statuspage import wording
from statuspage.domain.snapshot import Snapshot, Text, sentence
from statuspage.domain.states import INDICATOR, Impact, Overall, State
from statuspage.registry import Document, documents

COLOURS: Final = {  # white words on each are read easily
    State.OPERATIONAL: "#1a7f37",
    State.UNKNOWN: "#57606a",
    State.MAINTENANCE: "#0b62b8",
    State.DEGRADED: "#7d5a00",
    State.PARTIAL: "#ad4408",
    State.MAJOR: "#c01818",
}
COLOUR_OF_PAGE: Final = {
    Impact.NONE: COLOURS[State.OPERATIONAL],
    Impact.MAINTENANCE: COLOURS[State.MAINTENANCE],
    Impact.MINOR: COLOURS[State.DEGRADED],
    Impact.MAJOR: COLOURS[State.PARTIAL],
    Impact.CRITICAL: COLOURS[State.MAJOR],
}
BESIDE: Final = 8  # pixels on each side of words


@documents.register("badges")
class Badges(Document):
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        said = Overall(sentence(snapshot))
        for language, _name in settings.LANGUAGES:
            home = "" if language == settings.LANGUAGE_CODE else f"{language}/"
            with translation.override(language):
                words = str(wording.SENTENCES[said.name])
                colour = COLOUR_OF_PAGE[INDICATOR[said]]
                yield f"status/{home}badge.svg", _badge(snapshot["page"]["name"], words, colour)
                for one in snapshot["components"]:
                    state = State(one["state"])
                    drawn = _badge(one["name"], str(wording.STATES[state]), COLOURS[state])
                    yield f"status/{home}components/{one['id']}.svg", drawn


def _badge(name: Text, words: str, colour: str) -> bytes:
    language = translation.get_language() or "ko"
    title = wording.marked(name)
    left, right = _width(title) + 2 * BESIDE, _width(words) + 2 * BESIDE
    context: dict[str, Any] = {
        "name": title, "words": words, "colour": colour, "language": language, "left": left,
        "width": left + right, "right_edge": right - 4, "words_at": left + BESIDE,
        "name_width": left - 2 * BESIDE, "words_width": right - 2 * BESIDE,
    }  # fmt: skip
    return render_to_string("status/badge.svg", context).encode()


def _width(words: str) -> int:
    """About, in pixels; the words are fitted to it. Hangul is as wide as high."""
    return round(sum(11.5 if ord(letter) > 0x1100 else 6.6 for letter in words))
