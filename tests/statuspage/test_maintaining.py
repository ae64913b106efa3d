"""Maintenance is announced, begins and ends by the clock, and keeps its alerts quiet."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from core import clock
from core.errors import Refused
from monitoring.models import MaintenanceWindow
from notifications.models import Delivery
from statuspage.domain.phases import Phase
from statuspage.domain.reminding import asks_at, is_due
from statuspage.models import Component, Interval, Notice
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import (
    Words,
    Work,
    announce,
    ask_due,
    cancel,
    extend,
    keep_time,
    remind_due,
    replan,
    say,
)
from tests.incidents.conftest import person
from tests.statuspage.scene import START, component

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
FROM, UNTIL = START + HOUR, START + 2 * HOUR


@pytest.fixture
def work(page):
    said = {
        "title_ko": "데이터베이스 교체",
        "title_en": "Database",
        "body_ko": "5분 늦어요.",
        "body_en": "",
    }

    def made(**other):
        usual = {"components": [component("Withdrawals")], "starts_at": FROM, "ends_at": UNTIL}
        return Work(**(said | usual | other))

    return made


def state(at):
    return next(
        one["state"] for one in read(at=at)["components"] if one["name"]["en"] == "Withdrawals"
    )


def test_it_begins_and_ends_by_itself_and_costs_no_availability(work, commander):
    notice = announce(work(), by=commander, at=START)
    assert keep_time(at=START) == 0
    assert state(START + HOUR) == "operational"
    window = MaintenanceWindow.objects.get()
    assert (window.starts_at, window.ends_at) == (FROM, UNTIL)
    assert [one.slug for one in window.services.all()] == ["withdrawals"]

    assert [keep_time(at=FROM), keep_time(at=FROM)] == [1, 0]
    assert state(FROM + HOUR / 2) == "under_maintenance"
    assert [keep_time(at=UNTIL), keep_time(at=UNTIL)] == [1, 0]

    notice.refresh_from_db()
    assert (notice.phase, notice.impact, notice.resolved_at) == ("completed", "maintenance", UNTIL)
    assert state(UNTIL + HOUR) == "operational"
    told = [one["phase"] for one in read(at=UNTIL)["notices"][0]["updates"]]
    assert told == ["completed", "in_progress", "scheduled"]
    interval = Interval.objects.get()
    assert (interval.began_at, interval.ended_at, interval.source) == (FROM, UNTIL, "maintenance")


def test_what_ends_early_lets_its_alerts_call_again(work, commander):
    notice = announce(work(), by=commander, at=START)
    keep_time(at=FROM)
    early = FROM + HOUR / 4

    say(notice, Words(Phase.COMPLETED, "일찍 끝났어요."), by=commander, at=early)

    assert MaintenanceWindow.objects.get().over_at == early
    assert state(early + HOUR) == "operational"
    assert keep_time(at=UNTIL) == 0


def test_one_that_was_slept_through_ends_all_the_same(work, commander):
    announce(work(), by=commander, at=START)

    assert keep_time(at=UNTIL + HOUR) == 1

    assert Notice.objects.get().phase == "completed"


@pytest.mark.parametrize(
    "wrong",
    [{"ends_at": FROM}, {"starts_at": START - 3 * HOUR, "ends_at": START - HOUR}, {"body_ko": " "}, {"title_ko": "", "title_en": ""}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_leaves_nothing(work, commander, wrong):
    with pytest.raises(Refused):
        announce(work(**wrong), by=commander, at=START)

    assert (Notice.objects.count(), MaintenanceWindow.objects.count()) == (0, 0)


def test_a_component_of_no_service_mutes_nothing(work, commander):
    Component.objects.get(name_en="Withdrawals").services.clear()

    announce(work(), by=commander, at=START)

    assert not MaintenanceWindow.objects.exists(), "or everything would be quiet"


def test_it_is_in_a_calendar_and_among_the_scheduled_of_the_api(work, commander):
    announce(work(title_ko="점검; 교체,\n데이터"), by=commander, at=START)

    files = dict(documents["calendar"].files(read(at=START + HOUR)))
    [event] = Calendar.from_ical(files["status/maintenance.ics"]).walk("VEVENT")

    assert (event["dtstart"].dt, event["dtend"].dt) == (FROM, UNTIL)
    assert "점검; 교체" in event["summary"]
    assert event["description"] == "5분 늦어요."


def test_a_commander_announces_it_in_the_portal(page, commander):
    client = Client()
    client.force_login(commander)
    sent = {
        "title_ko": "점검", "body_ko": "늦어요.", "starts_at": "2027-01-01T02:00",
        "ends_at": "2027-01-01T03:00", "components": [component("Deposits").pk],
    }  # fmt: skip

    assert "TRC-20 출금" in client.get("/notices/maintenance/").content.decode()
    assert client.post("/notices/maintenance/", sent | {"ends_at": "x"}).status_code == 400
    assert client.post("/notices/maintenance/", sent).status_code == 302

    notice = Notice.objects.get()
    assert notice.scheduled_for.isoformat() == "2026-12-31T17:00:00+00:00"
    assert "점검" in client.get("/notices/").content.decode()


DAY = 24 * HOUR
BEFORE = [DAY, HOUR]


@pytest.mark.parametrize(
    ("last", "hours", "due"),
    [
        (0, 23, False),
        (0, 24, True),  # a day before
        (24, 30, False),
        (24, 47, True),  # an hour before
        (0, 47.5, True),  # both were slept through: one reminder
        (47, 47.5, False),
        (30, 46, False),  # somebody said something since
        (0, 48, False),  # it has begun
    ],
)
def test_when_subscribers_are_reminded(last, hours, due):
    begins = START + 48 * HOUR
    assert is_due(begins, BEFORE, START + last * HOUR, at=START + hours * HOUR) is due


def test_of_a_short_one_its_people_are_asked_in_its_last_quarter():
    assert asks_at(START, START + 2 * HOUR) == START + 2 * HOUR - HOUR / 4
    assert asks_at(START, START + HOUR / 2) == START + HOUR * 3 / 8


def test_subscribers_are_reminded_in_both_languages_once_each(work, commander):
    begins = START + 48 * HOUR
    planned = work(starts_at=begins, ends_at=begins + HOUR, remind=[60, 24 * 60])
    notice = announce(planned, by=commander, at=START)

    reminded = [remind_due(at=START + hours * HOUR) for hours in (1, 24, 25, 47, 47.5, 48)]

    assert reminded == [0, 1, 0, 1, 0, 0]
    newest = notice.updates.first()
    assert (newest.phase, newest.told, newest.by) == ("scheduled", True, None)
    assert newest.body_ko == "예정된 점검을 다시 알려드려요: 11월 25일 12:00 – 13:00 (KST)."
    assert newest.body_en == "A reminder of this maintenance: November 25 12:00 – 13:00 (KST)."
    assert newest.mailings.exists()


def test_one_that_is_moved_is_quiet_at_its_new_time_and_is_told(work, commander):
    notice = announce(work(), by=commander, at=START)
    later = work(starts_at=FROM + DAY, ends_at=UNTIL + DAY, body_ko="", remind=[60])

    replan(notice, later, seen=notice.updated_at.isoformat(), by=commander, at=START)

    assert (notice.scheduled_for, notice.remind) == (FROM + DAY, [60])
    assert (
        notice.updates.first().body_ko
        == "점검 일정을 옮겼어요. 11월 24일 13:00 – 14:00 (KST)에 해요."
    )
    in_force = MaintenanceWindow.objects.filter(expired_at=None)
    assert [(one.starts_at, one.notice) for one in in_force] == [(FROM + DAY, notice)]
    assert keep_time(at=FROM) == 0


def test_another_title_alone_is_told_to_nobody_and_moves_no_window(work, commander):
    notice = announce(work(), by=commander, at=START)
    said = work(title_ko="디비 교체", body_ko="")

    replan(notice, said, seen=notice.updated_at.isoformat(), by=commander, at=START)

    assert (notice.title_ko, notice.updates.count()) == ("디비 교체", 1)
    assert MaintenanceWindow.objects.get().expired_at is None


def test_one_that_takes_longer_asks_first_and_asks_again(work, commander):
    someone = person("dev2")
    notice = announce(work(), by=someone, at=START)
    keep_time(at=FROM)
    minute = HOUR / 60
    asked = [ask_due(at=UNTIL - minutes * minute) for minutes in (16, 15, 14)]
    assert asked == [0, 1, 0]
    [question] = Delivery.objects.filter(template="maintenance_ends")
    assert question.recipient == someone
    assert f"/notices/{notice.public_id}/plan/" in question.context["page"]

    notice.refresh_from_db()
    extend(notice, 30, seen=notice.updated_at.isoformat(), by=commander, at=UNTIL - minute)

    assert notice.scheduled_until == UNTIL + HOUR / 2
    assert keep_time(at=UNTIL) == 0
    assert state(UNTIL + minute) == "under_maintenance"
    assert MaintenanceWindow.objects.active(UNTIL + minute).exists()
    assert (
        notice.updates.first().body_en == "The maintenance takes longer: until November 23 14:30."
    )
    assert ask_due(at=UNTIL + HOUR / 2 - 10 * minute) == 1
    assert keep_time(at=UNTIL + HOUR / 2) == 1


def test_one_that_is_called_off_never_begins_and_says_so_everywhere(work, commander):
    notice = announce(work(remind=[60]), by=commander, at=START)

    cancel(notice, seen=notice.updated_at.isoformat(), by=commander, at=START + HOUR / 2)

    assert (notice.phase, notice.resolved_at) == ("cancelled", START + HOUR / 2)
    assert [keep_time(at=FROM), remind_due(at=FROM)] == [0, 0]
    assert not MaintenanceWindow.objects.active(FROM).exists()
    snapshot = read(at=FROM)
    files = dict(documents["calendar"].files(snapshot))
    [event] = Calendar.from_ical(files["status/en/maintenance.ics"]).walk("VEVENT")
    assert (event["status"], event["dtstart"].dt) == ("CANCELLED", FROM)
    listed = dict(documents["api"].files(snapshot))["api/v2/scheduled-maintenances.json"]
    assert json.loads(listed)["scheduled_maintenances"][0]["status"] == "completed"
    page = dict(documents["pages"].files(snapshot))[
        f"status/en/incidents/{notice.public_id}/index.html"
    ]
    assert "The maintenance is cancelled." in page.decode()


@pytest.mark.parametrize("late", ["cancel", "move", "extend"])
def test_what_cannot_be_any_more_is_refused(work, commander, late):
    notice = announce(work(), by=commander, at=START)
    said = {"by": commander, "at": FROM + HOUR / 4}
    if late != "extend":
        keep_time(at=FROM)
        notice.refresh_from_db()
    said["seen"] = notice.updated_at.isoformat()
    with pytest.raises(Refused):
        if late == "cancel":
            cancel(notice, **said)
        elif late == "move":
            replan(notice, work(starts_at=FROM + HOUR / 2), **said)
        else:
            extend(notice, 30, **said)
    assert MaintenanceWindow.objects.get().expired_at is None


def test_a_commander_moves_and_cancels_it_in_the_portal(work, commander):
    begins = clock.now().replace(second=7, microsecond=8) + DAY
    planned = work(starts_at=begins, ends_at=begins + HOUR, remind=[60])
    notice = announce(planned, by=commander, at=clock.now())
    client = Client()
    client.force_login(commander)
    address = f"/notices/{notice.public_id}/plan/"
    form = client.get(address).context["form"]
    sent = {
        **{name: form[name].value() for name in ("title_ko", "title_en", "seen")},
        "body_ko": "", "body_en": "", "remind": [60], "components": [component("Deposits").pk],
        "starts_at": f"{begins.astimezone(ZoneInfo('Asia/Seoul')):%Y-%m-%dT%H:%M}",
        "ends_at": f"{(begins + 2 * HOUR).astimezone(ZoneInfo('Asia/Seoul')):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    assert form["components"].value() == [component("Withdrawals").pk]
    assert client.post(address, sent | {"ends_at": "x"}).status_code == 400
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 400, "somebody has changed it meanwhile"

    notice.refresh_from_db()
    assert notice.scheduled_for == begins
    assert notice.scheduled_until == (begins + 2 * HOUR).replace(second=0, microsecond=0)
    assert [one.component.name_en for one in notice.affected.all()] == ["Deposits"]
    seen = notice.updated_at.isoformat()
    assert client.post(address, {"seen": seen, "cancel": "1"}).status_code == 302
    notice.refresh_from_db()
    assert notice.phase == "cancelled"
