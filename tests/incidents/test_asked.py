"""The pure rule: for whom one still waits."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.domain.asked import Asked, Deeds, awaited

START = datetime(2026, 11, 23, 3, tzinfo=UTC)


def at(minute):
    return START + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("asked", "deeds", "triggered", "since"),
    [
        (Asked(at(0)), Deeds(), True, 0),
        (Asked(at(0)), Deeds(), False, None),  # somebody else has answered
        (Asked(at(5), called_at=at(5)), Deeds(), False, 5),
        (Asked(at(9), called_at=at(5)), Deeds(), False, 5),  # paged again by the policy
        (Asked(at(5), at(5)), Deeds(first=at(1), last=at(2)), False, 5),  # called after that
        (Asked(at(5), at(5)), Deeds(first=at(6), last=at(6)), False, None),
        (Asked(at(5), at(5)), Deeds(first=at(5), last=at(5)), True, None),
        (Asked(at(5)), Deeds(declined_at=at(6)), True, None),
        (Asked(at(7)), Deeds(declined_at=at(6)), True, 7),
        (Asked(at(7)), Deeds(first=at(1), last=at(8), declined_at=at(6)), True, None),
    ],
)
def test_one_waits_for_whoever_has_said_nothing_since_they_were_asked(
    asked, deeds, triggered, since
):
    expected = {} if since is None else {3: at(since)}
    assert awaited({3: asked}, {3: deeds}, triggered=triggered) == expected


def test_somebody_who_never_did_anything_is_waited_for():
    assert awaited({3: Asked(at(0))}, {4: Deeds(at(1), at(1))}, triggered=True) == {3: at(0)}
