"""What the first page tells of notices: of each the newest words, with the rest behind its title."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from statuspage.domain.board import Past
from statuspage.domain.snapshot import NoticeFacts, Text, UpdateFacts

CARDS: Final = 4
LETTERS: Final = 2_400  # of all cards' words, in each language; a letter is up to three bytes
PAST: Final = 12  # that are over, of the last days


@dataclass(frozen=True)
class Brief:
    cards: Sequence[NoticeFacts]
    others: Sequence[NoticeFacts]  # by their titles only


def brief(found: Sequence[NoticeFacts]) -> Brief:
    shown = found[:CARDS]
    return Brief([_card(one, LETTERS // len(shown)) for one in shown], found[CARDS:])


def lately(days: Sequence[Past]) -> list[Past]:
    """The newest of them: a day is told whole, unless there is too much of it alone."""
    found: list[Past] = []
    for day in days:
        told = sum(len(one.notices) for one in found)
        if found and told + len(day.notices) > PAST:
            break
        found.append(replace(day, notices=day.notices[:PAST]))
    return found


def _card(notice: NoticeFacts, room: int) -> NoticeFacts:
    if not notice["updates"]:
        return notice
    first, *rest = notice["updates"]
    kept: list[UpdateFacts] = [{**first, "body": _cut(first["body"], room)}]
    for update in rest:
        room -= _length(kept[-1]["body"])
        if _length(update["body"]) > room:
            break
        kept.append(update)
    return {**notice, "updates": kept, "is_cut": kept != notice["updates"]}


def _length(text: Text) -> int:
    return max((len(words) for words in text.values()), default=0)


def _cut(text: Text, letters: int) -> Text:
    return {
        language: words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"
        for language, words in text.items()
    }
