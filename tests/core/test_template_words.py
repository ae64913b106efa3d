from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from core.templatetags.bongsu import beacon, moment, severity_colour, when

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", [NOON, "2026-11-23T03:00:00+00:00"])
def test_a_time_is_shown_where_the_reader_is(value):
    with timezone.override("America/New_York"):
        assert moment(value, "H:i") == "22:00"
    with timezone.override("Asia/Seoul"):
        assert moment(value, "H:i") == "12:00"


@pytest.mark.parametrize("value", ["", "soon"])
def test_what_is_no_time_is_not_shown(value):
    assert moment(value) == ""


@pytest.mark.parametrize(
    ("at", "seconds", "words"),
    [
        (NOON, False, "12:00"),
        (NOON, True, "12:00:00"),
        (NOON - timedelta(hours=13), True, "11/22 23:00"),
        (NOON - timedelta(days=365), False, "2025/11/23 12:00"),
    ],
)
def test_a_page_leaves_out_what_the_reader_knows(monkeypatch, at, seconds, words):
    monkeypatch.setattr(timezone, "now", lambda: NOON)

    with timezone.override("Asia/Seoul"):
        said = when(at, seconds=seconds)

    assert said.endswith(f'+09:00">{words}</time>')


def test_what_has_not_happened_has_no_time():
    assert when(None) == ""


@pytest.mark.parametrize(
    ("severity", "fires"), [("P0", "●●●●●"), ("P3", "●●○○○"), ("", "●○○○○"), ("none", "●○○○○")]
)
def test_gravity_is_read_without_colour(severity, fires):
    assert beacon(severity) == fires


def test_every_severity_has_a_colour_of_its_own_and_the_rest_share_a_grey():
    assert len({severity_colour(each) for each in ("P0", "P1", "P2", "P3", "none")}) == 5
    assert severity_colour("none") == severity_colour("")
