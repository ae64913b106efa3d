"""The incidents behind a figure: what it was reckoned from, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Paginator

from incidents.models import Incident
from postmortems.domain.figures.cases import Case, Clock
from postmortems.domain.figures.comparing import Compared
from postmortems.figures import words
from postmortems.figures.whole import Whole, zone

PAGE: Final = 50


@dataclass(frozen=True)
class Row:
    incident: Incident
    times: Sequence[tuple[str, str]]  # by clock, in its order; empty where not known
    late: bool


def behind(whole: Whole, by: str, key: str, *, at: datetime) -> list[Case]:
    """The incidents that a figure is made of, the longest first where it is a time, else the newest."""
    ours = [case for case in whole.cases if whole.window.holds(case)]
    if by == "clock" and key in set(Clock):
        timed = [(took, case) for case in ours if (took := case.took(Clock(key))) is not None]
        return [case for _, case in sorted(timed, key=lambda one: (-one[0], -one[1].number))]
    return sorted(
        (case for case in ours if _is_of(case, by, key, whole, at)), key=lambda case: -case.number
    )


def _is_of(case: Case, by: str, key: str, whole: Whole, at: datetime) -> bool:
    if by == "late":
        return case.missed(at=at)
    told = {
        "severity": case.severity,
        "cause": case.cause,
        "hour": str(case.detected.astimezone(zone()).hour),
        "team": whole.teams.get(case.team, "") if case.team else "",
    }
    if by == "service":
        return key in {whole.catalogue[one].slug for one in case.services}
    return told.get(by, key) == key


def rows(cases: Sequence[Case], *, page: str, at: datetime) -> tuple[object, list[Row]]:
    """A page of them, with two queries however many there are."""
    shown = Paginator(cases, PAGE).get_page(page)
    found = Incident.objects.in_bulk([case.number for case in shown])
    return shown, [_row(found[case.number], case, at) for case in shown]


def _row(incident: Incident, case: Case, at: datetime) -> Row:
    times = ((str(words.NAMES[Compared(clock)]), case.took(clock)) for clock in Clock)
    return Row(
        incident,
        [(name, "" if one is None else words.length(one)) for name, one in times],
        case.missed(at=at),
    )
