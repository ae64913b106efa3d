"""Which severity a new incident looks like, and why: rules find words, people confirm or correct them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

SYLLABLES: Final = 588  # of Hangul that begin with the same consonant stand together
FIRST: Final = ord("가")
LAST: Final = ord("힣")
FINALS: Final = 28


@dataclass(frozen=True)
class Subject:
    """What is known of an incident when its severity is asked for."""

    text: str
    services: frozenset[str] = frozenset()  # their slugs
    labels: Mapping[str, str] = field(default_factory=dict)  # of its alerts


@dataclass(frozen=True)
class Rule:
    """Of every line of words one must be found; a service and a label must fit where they are named."""

    key: int
    severity: str
    words: tuple[tuple[str, ...], ...] = ()
    service: str = ""
    label: tuple[str, str] | None = None
    agreed: int = 0
    disagreed: int = 0

    @property
    def trust(self) -> float:
        """Laplace's share of agreement: a rule nobody has judged yet stands at one half."""
        return (self.agreed + 1) / (self.agreed + self.disagreed + 2)


@dataclass(frozen=True)
class Suggestion:
    severity: str
    rule: int
    found: tuple[str, ...]  # as they stand in the text; a label as key=value


def suggest(subject: Subject, rules: Iterable[Rule]) -> Suggestion | None:
    """Of the rules that fit, the one people agree with most; between equals the graver."""
    text = _plain(subject.text)
    fitting = [(rule, found) for rule in rules if (found := _fits(rule, subject, text)) is not None]
    if not fitting:
        return None
    best, found = min(fitting, key=lambda each: (-each[0].trust, each[0].severity, each[0].key))
    return Suggestion(best.severity, best.key, found)


def read_words(text: str) -> tuple[tuple[str, ...], ...]:
    """Lines of words with commas between them, as an administrator writes them."""
    lines = (tuple(filter(None, map(str.strip, line.split(",")))) for line in text.splitlines())
    return tuple(filter(None, lines))


def read_label(text: str) -> tuple[str, str] | None:
    key, found, value = text.partition("=")
    return (key.strip(), value.strip()) if found and key.strip() else None


def _fits(rule: Rule, subject: Subject, text: str) -> tuple[str, ...] | None:
    if rule.service and rule.service not in subject.services:
        return None
    if rule.label and subject.labels.get(rule.label[0]) != rule.label[1]:
        return None
    found = [_first(line, text) for line in rule.words]
    if None in found:
        return None
    label = ["=".join(rule.label)] if rule.label else []
    return tuple(dict.fromkeys([word for word in found if word] + label))


def _first(line: tuple[str, ...], text: str) -> str | None:
    hits = (_pattern(word).search(text) for word in line)
    return next((hit.group() for hit in hits if hit), None)


@lru_cache(maxsize=2000)
def _pattern(word: str) -> re.Pattern[str]:
    word = _plain(word)
    body = r"\s*".join(map(re.escape, word.split()))
    if word[-1:].isascii():  # down must not be found in download, nor stop miss stopped
        return re.compile(
            rf"(?<![a-z0-9]){body}(?:{re.escape(word[-1])}?(?:s|es|d|ed|ing))?(?![a-z0-9])"
        )
    return re.compile(_stem(word, body))


def _stem(word: str, body: str) -> str:
    """A verb in its dictionary form, 멈추다, is found in all its forms: 멈췄어요, 멈춤, 멈추면.

    They differ in the last syllable of the stem, which keeps its first consonant. A stem that ends
    in a consonant stays as it is; one syllable without says too little to go by.
    """
    stem = word[:-1]
    if not (word.endswith("다") and FIRST <= ord(stem[-1:] or " ") <= LAST):
        return body
    place = ord(stem[-1]) - FIRST
    if place % FINALS:
        return body[:-1]
    if len(stem) == 1:
        return body
    first = FIRST + place - place % SYLLABLES
    return f"{body[:-2]}[{chr(first)}-{chr(first + SYLLABLES - 1)}]"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
