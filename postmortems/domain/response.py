"""How well people answered: when each thing was done, and whether that kept what was promised."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Times:
    """What is not known is None; promises are counted from the detection."""

    began: datetime | None
    detected: datetime
    paged: datetime | None = None
    acknowledged: datetime | None = None
    mobilised: datetime | None = None
    mitigated: datetime | None = None
    resolved: datetime | None = None
    respond_within: timedelta | None = None
    resolve_within: timedelta | None = None
    breached: bool = False  # sent up before anybody answered


@dataclass(frozen=True)
class Stage:
    key: str
    at: datetime | None
    took: (
        timedelta | None
    )  # None where it is not known, or cannot be: nothing is done before it is known
    target: timedelta | None = None
    kept: bool | None = None


def stages(times: Times) -> list[Stage]:
    answered = _stage("acknowledged", times.acknowledged, times.detected, times.respond_within)
    if times.breached:
        answered = Stage(answered.key, answered.at, answered.took, answered.target, False)
    return [
        Stage("detected", times.detected, _between(times.began, times.detected)),
        _stage("paged", times.paged, times.detected),
        answered,
        _stage("mobilised", times.mobilised, times.detected),
        _stage("mitigated", times.mitigated, times.detected),
        _stage("resolved", times.resolved, times.detected, times.resolve_within),
    ]


def _stage(
    key: str, at: datetime | None, since: datetime, target: timedelta | None = None
) -> Stage:  # fmt: skip
    took = _between(since, at)
    kept = took <= target if took is not None and target is not None else None
    return Stage(key, at, took, target, kept)


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    if start is None or end is None or end < start:
        return None
    return end - start
