"""The hour that is skipped or repeated, and the day that comes every fourth year: on the page, in calendars, in pages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from incidents import services
from incidents.models import EscalationPolicy, EscalationStep, SeverityPolicy
from incidents.services.publishing import publish
from notifications.models import Delivery, Lane
from teams import feeds
from teams.models import User
from teams.rotations import Rotation
from teams.screens import on_call_page
from tests.teams.conftest import person

pytestmark = pytest.mark.django_db

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
CHANGES = [
    ("America/New_York", "weeks", "2026-03-09T13:00"),  # summer began on the day before
    ("America/New_York", "days", "2026-03-08T13:00"),  # after a turn of 23 hours
    ("America/New_York", "weeks", "2026-11-02T14:00"),  # and ended
    ("America/New_York", "days", "2026-11-01T14:00"),  # after a turn of 25 hours
    ("Australia/Lord_Howe", "days", "2026-10-03T22:00"),  # by half an hour
    ("Asia/Seoul", "days", "2028-02-29T00:00"),  # the leap day is a turn of its own
    ("Asia/Seoul", "days", "2028-03-01T00:00"),
]
over_each_change = pytest.mark.parametrize(("zone", "unit", "handover"), CHANGES)


@pytest.fixture
def turning(make_rotation, zone, unit, handover):
    """Two people in turn, at nine on the wall; and the moment of the handover."""
    row = make_rotation("turning", "dev1", "dev2", unit=unit)
    Rotation.objects.filter(pk=row.pk).update(time_zone=zone)
    moment = datetime.fromisoformat(f"{handover}+00:00")
    assert moment.astimezone(ZoneInfo(zone)).hour == 9
    return row, moment


@over_each_change
def test_the_page_draws_whole_weeks_and_hands_over_at_nine(turning, zone):
    row, moment = turning
    User.objects.filter(username="dev1").update(time_zone=zone)
    page = on_call_page(person("dev1"), at=moment - 2 * DAY)

    (board,) = [board for board in page["boards"] if board.rotation == row]
    assert moment in {turn.start for turn in board.turns}
    for week in board.weeks:
        assert sum(bar.width for bar in week.bars) == pytest.approx(100, abs=0.01)
        assert {bar.name for bar in week.bars} <= {person(n).name for n in ("dev1", "dev2")}
        assert len(set(week.days)) == 7


@over_each_change
def test_calendars_hold_turns_without_a_gap_or_an_overlap(turning):
    row, moment = turning
    body = feeds.calendar(feeds.Feed(person("dev1"), row.pk), at=moment - 2 * DAY)
    turns = sorted(
        (e["dtstart"].dt, e["dtend"].dt) for e in Calendar.from_ical(body).walk("VEVENT")
    )

    assert moment in {start for start, _end in turns}
    assert [end for _start, end in turns[:-1]] == [start for start, _end in turns[1:]]


@over_each_change
def test_a_page_goes_to_whoever_it_is_at_that_second(turning, commander):
    row, moment = turning
    policy = EscalationPolicy.objects.create(slug="o", name_ko="o", name_en="o")
    EscalationStep.objects.create(policy=policy).rotations.add(row)
    publish(policy, by=None, at=moment - DAY)
    SeverityPolicy.objects.filter(severity="P1").update(escalation=policy)

    def called(at):
        incident = services.declare("출금 지연", severity="P1", by=commander, at=at)
        rows = Delivery.objects.about(incident.topic).filter(lane=Lane.PAGE)
        return set(rows.values_list("recipient__username", flat=True))

    before, after = called(moment - SECOND), called(moment)
    assert before | after == {"dev1", "dev2"}
    assert len(before) == len(after) == 1
