"""Checklists that people go through once a period: when one is due, and who may sign it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from maintenance.domain.periods import Frequency, Period

AT_LEAST: Final = timedelta(days=14)  # for one that begins in the middle of its period
LONG: Final = {Frequency.MONTHLY, Frequency.QUARTERLY}


class Said(StrEnum):
    """What somebody answers."""

    FINE = "fine"
    FINDING = "finding"  # something has to be done
    NOT_OURS = "not_ours"  # it does not apply


class Why(StrEnum):
    """Why it cannot be signed."""

    SIGNED = "signed"
    UNANSWERED = "unanswered"
    EVIDENCE = "evidence"
    ALONE = "alone"
    ROLE = "role"


@dataclass(frozen=True)
class Answer:
    said: str  # "" while nobody has answered
    by: int | None
    needs_evidence: bool
    evidence: bool  # a link or a file is there


def due_of(period: Period, days: int, *, begun: date) -> date:
    """So many days after the period began; one that begins late has two weeks, within the period."""
    return max(period.first + timedelta(days=days), min(begun + AT_LEAST, period.last))


def is_told_of(period: Period, *, begun: date, due: date, signed: date | None) -> bool:
    """In the report of the period: of a day or a week what begins, is due, late or signed in it; of longer ones all that was open."""
    if begun > period.last or (signed is not None and signed < period.first):
        return False
    happened = begun >= period.first or due <= period.last
    return happened or period.frequency in LONG or (signed is not None and signed <= period.last)


def needs_note(said: str) -> bool:
    """Who finds something, or leaves something out, says what and why."""
    return said in (Said.FINDING, Said.NOT_OURS)


def is_unproven(answer: Answer) -> bool:
    """What does not apply needs no proof."""
    return answer.needs_evidence and answer.said != Said.NOT_OURS and not answer.evidence


def why_not_signed(
    answers: Collection[Answer], *, signer: int, may_sign: bool, signed: bool
) -> Why | None:
    """Two people stand behind one that is signed: who gave all the answers does not sign them."""
    if signed:
        return Why.SIGNED
    if any(not one.said for one in answers):
        return Why.UNANSWERED
    if any(is_unproven(one) for one in answers):
        return Why.EVIDENCE
    if not may_sign:
        return Why.ROLE
    return Why.ALONE if _people(answers) == {signer} else None


def _people(answers: Iterable[Answer]) -> set[int]:
    return {one.by for one in answers if one.by is not None}
