"""How alike two incidents are: the same alerts, the same service, the same words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log2
from typing import Final

ALIKE: Final = 0.3  # of a title's trigrams; below it, words are alike by chance
COMMON: Final = 200  # a word that more incidents have tells nothing of one
TOGETHER: Final = 2  # words that two have in common: one alone may be chance


@dataclass(frozen=True)
class Likeness:
    number: int
    title: float  # 0 to 1
    same_group: bool
    same_service: bool
    resolved: bool
    words: tuple[str, ...] = ()  # that both have, the rarest first

    @property
    def score(self) -> float:
        words = min(len(self.words), 4)
        return self.title + 0.5 * self.same_group + 0.2 * self.same_service + 0.1 * words

    @property
    def counts(self) -> bool:
        """One word is enough where the service is the same."""
        shared = len(self.words) + self.same_service if self.words else 0
        return self.same_group or self.same_title or shared >= TOGETHER

    @property
    def same_title(self) -> bool:
        return self.title >= ALIKE


def sharing(found: Iterable[tuple[int, str]], *, most: int) -> dict[int, tuple[str, ...]]:
    """Of (incident, word): those who share the rarest and most words, and which; without what is common."""
    those: defaultdict[str, set[int]] = defaultdict(set)
    for number, word in found:
        those[word].add(number)
    shared: defaultdict[int, list[str]] = defaultdict(list)
    rarest = sorted(those, key=lambda word: len(those[word]))
    for word in rarest:
        if len(those[word]) <= COMMON:
            for number in those[word]:
                shared[number].append(word)

    def weight(number: int) -> float:
        return sum(1 / log2(1 + len(those[word])) for word in shared[number])

    best = sorted(shared, key=lambda number: (-weight(number), -number))
    return {number: tuple(shared[number]) for number in best[:most]}


def ranked(found: Iterable[Likeness], *, most: int) -> list[Likeness]:
    """The likest first; before all others those that are over, for they say how it ended."""
    alike = [each for each in found if each.counts]
    alike.sort(key=lambda each: (not each.resolved, -each.score, -each.number))
    return alike[:most]
