"""Quarters of a year, as managers count them."""

import re
from dataclasses import dataclass
from datetime import date

WRITTEN = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        found = WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found and "0000" < found[1] < "9999" else None

    @property
    def first_day(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS + 1, 1)

    @property
    def before(self) -> "Quarter":
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )

    @property
    def after(self) -> "Quarter":
        return (
            Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        )

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"


def down_from(newest: Quarter, oldest: Quarter, *, most: int) -> list[Quarter]:
    found = [newest]
    while found[-1] > oldest and len(found) < most:
        found.append(found[-1].before)
    return found
