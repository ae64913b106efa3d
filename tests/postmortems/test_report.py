from dataclasses import replace
from datetime import timedelta

import pytest

from postmortems.domain.report import Report
from tests.postmortems.samples import FULL, UNKNOWN, after, busy


@pytest.mark.parametrize(("severity", "lit"), [("P0", 5), ("P1", 4), ("P2", 3), ("P3", 2)])
def test_a_graver_severity_lights_more_beacons(severity, lit):
    fires = replace(FULL, severity=severity).fires
    assert (len(fires), sum(fires)) == (5, lit)


def test_a_finished_report_has_no_open_question():
    assert FULL.open_questions == 0


def test_every_blank_is_an_open_question():
    figures, impact, whys, texts = 5, 2, 1, 4
    assert UNKNOWN.open_questions == figures + impact + whys + texts
    assert replace(FULL, whys=()).open_questions == 1


def phases_of(report: Report) -> list[str | None]:
    return [report.phase_of(entry) for entry in report.entries]


def test_a_record_between_two_phases_belongs_to_the_one_it_opens():
    assert phases_of(FULL) == [
        "detect",
        *["acknowledge"] * 2,
        *["mitigate"] * 6,
        *["resolve"] * 3,
    ]


def test_records_outside_the_phases_belong_to_none():
    early = replace(FULL.entries[0], at=after("-1:00"))
    late = replace(FULL.entries[0], at=after("66:00"))
    assert phases_of(replace(FULL, entries=(early, late))) == [None, None]


def test_days_are_counted_where_the_reader_lives():
    assert FULL.days == 1
    assert replace(FULL, timezone="America/Los_Angeles").days == 1
    assert busy(3, over=timedelta(days=2)).days == 2
