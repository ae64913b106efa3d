"""Maintenance is announced, begins and ends by the clock, and keeps its alerts quiet."""

from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from core.errors import Refused
from monitoring.models import MaintenanceWindow
from statuspage.domain.phases import Phase
from statuspage.models import Component, Interval, Notice
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import Words, Work, announce, keep_time, say
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
