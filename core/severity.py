"""The words everyone uses: P0 is the gravest, so `P0 < P1` as text and as a number."""

from collections.abc import Iterable
from enum import StrEnum


class Severity(StrEnum):
    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"

    @property
    def grave(self) -> bool:
        """Nobody's quiet hours keep it."""
        return self <= Severity.P1

    @property
    def one_up(self) -> "Severity":
        return Severity(f"P{max(0, int(self[1]) - 1)}")


CHOICES = [(level.value, level.value) for level in Severity]


def gravest(levels: Iterable[str]) -> Severity:
    return Severity(min(levels))
