"""How alike two incidents are: the same alerts, the same service, the same words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ALIKE: Final = 0.3  # of a title's trigrams; below it, words are alike by chance


@dataclass(frozen=True)
class Likeness:
    number: int
    title: float  # 0 to 1
    same_group: bool
    same_service: bool
    resolved: bool

    @property
    def score(self) -> float:
        return self.title + 0.5 * self.same_group + 0.2 * self.same_service

    @property
    def counts(self) -> bool:
        return self.same_group or self.title >= ALIKE


def ranked(found: Iterable[Likeness], *, most: int) -> list[int]:
    """The likest first; before all others those that are over, for they say how it ended."""
    alike = [each for each in found if each.counts]
    alike.sort(key=lambda each: (not each.resolved, -each.score, -each.number))
    return [each.number for each in alike[:most]]
