"""What rules and steps say to people: written in English, and put into words only when somebody reads it.

Pure rules know of no languages: whoever starts the product gives `Told` its translator.
"""

from collections.abc import Callable, Iterable
from typing import ClassVar


class Told:
    """A sentence with gaps, `%(name)s`, and what stands in them."""

    translate: ClassVar[Callable[[str], str]] = str

    def __init__(self, text: str, /, **values: object) -> None:
        self._text, self._values = text, values

    def __str__(self) -> str:
        text = Told.translate(self._text)
        return text % self._values if self._values else text

    def __repr__(self) -> str:
        return f"Told({str(self)!r})"


class Joined(Told):
    """Several of them, without those that say nothing."""

    def __init__(self, parts: Iterable[object], by: str = " ") -> None:
        self._parts, self._by = list(parts), by

    def __str__(self) -> str:
        return self._by.join(filter(None, map(str, self._parts)))
