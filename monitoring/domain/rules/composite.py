from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from monitoring.domain.rules.bars import BadRule, Bar, positive
from monitoring.domain.rules.judging import Course
from monitoring.domain.rules.kinds import EveryStep, Need
from monitoring.domain.rules.tracks import Floats, Heard, Track

NEEDS: Final = ("all", "any", "least")


@dataclass(frozen=True)
class Composite(EveryStep):
    """So many of some rules fire, and none of some others does."""

    at_once = False

    bar: Bar
    rules: tuple[int, ...]
    unless: tuple[int, ...] = ()

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        rules, unless = _numbers(params, "rules"), _numbers(params, "unless")
        if not rules:
            raise BadRule("rules", "none chosen")
        if (need := params.get("need", "all")) not in NEEDS:
            raise BadRule("need", "no such choice")
        least = positive(params, "least", 1) if need == "least" else 1
        if least > len(rules):
            raise BadRule("least", "more than there are")
        if set(rules) & set(unless):
            raise BadRule("unless", "both wanted and not")
        return cls(Bar(len(rules) if need == "all" else least, touching=True), rules, unless)

    @property
    def needs(self) -> Sequence[Need]:
        return []

    def measure(self, heard: Heard, moments: Floats) -> Floats:
        """How many fire. `against` holds how many targets of each rule do: of `rules`, then of `unless`."""
        firing = [_at(track, moments) > 0 for track in heard.against]
        wanted, unwanted = firing[: len(self.rules)], firing[len(self.rules) :]
        count = np.sum(wanted, axis=0, dtype=float)
        return np.where(np.any(unwanted, axis=0), 0.0, count) if unwanted else count


def together(courses: Iterable[Course], since: float) -> Track:
    """How many targets of a rule fired, from that moment on."""
    count, events = 0, dict[float, int]()
    for course in courses:
        fires = course.before.fired_at is not None
        count += fires
        for change in course.changes:
            if (change.stance.fired_at is not None) != fires:
                fires = not fires
                events[change.at] = events.get(change.at, 0) + (1 if fires else -1)
    at = sorted(events)
    steps = np.cumsum([count, *(events[moment] for moment in at)])
    return Track(np.array([since, *at]), steps.astype(float))


def cycle(start: int, members: Mapping[int, Collection[int]]) -> bool:
    """Whether a rule would ask for itself, through others too."""
    seen, waiting = set[int](), list(members.get(start, ()))
    while waiting:
        one = waiting.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            waiting += members.get(one, ())
    return False


def _at(track: Track, moments: Floats) -> Floats:
    values = np.append(0.0, track.values)
    return values[np.searchsorted(track.at, moments, side="right")]


def _numbers(params: Mapping[str, Any], name: str) -> tuple[int, ...]:
    found = params.get(name) or []
    if not isinstance(found, list) or not all(type(one) is int for one in found):
        raise BadRule(name, "not a list of rules")
    return tuple(found)
