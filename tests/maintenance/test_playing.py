"""Game days of the sandbox: asked for on the page, played one at a time, stopped, and put back when cut short."""

from contextlib import contextmanager
from datetime import timedelta

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.gamedays import GAMEDAYS, PUT_BACK
from core import clock
from core.errors import Refused
from incidents.models import Incident
from incidents.services import declare, resolve
from maintenance.models import Drill, DrillState
from maintenance.services import drilling, playing
from tests.listener import listeners


@pytest.fixture
def sandbox(settings, seeded):
    """Somebody who answers where it would be."""
    with listeners() as listen:
        settings.SANDBOX = listen("ok").url
        settings.TRON_NODE_URL = f"{settings.SANDBOX}/tron/"
        yield


@pytest.fixture
def game(monkeypatch, sandbox):
    def put(play):
        monkeypatch.setitem(GAMEDAYS, "network", play)

    put(lambda say, between: say("00:00  all is well"))
    return put


@pytest.fixture
def commander(everyone):
    return everyone["commander"]


def planned(by):
    at = clock.database_now()
    return drilling.plan(
        scenario="network", way="sandbox", severity="P2", planned_at=at + timedelta(days=2), by=by,
        at=at,
    )  # fmt: skip


def test_the_command_takes_the_planned_one_and_keeps_what_it_told(commander, game):
    drill = planned(commander)
    call_command("gameday", "network")
    drill.refresh_from_db()
    assert (drill.state, drill.told) == (DrillState.DONE, "00:00  all is well")


def test_it_is_scored_by_the_incident_that_it_opened(commander, game):
    def play(say, between):
        at = clock.database_now()
        opened = declare("Network trouble", severity="P1", by=commander, at=at, drill=True)
        say("00:00  it begins")
        resolve(opened, by=commander, at=at + timedelta(seconds=9))

    game(play)
    call_command("gameday", "network")
    drill = Drill.objects.get()
    assert drill.severity == "P1"
    assert [(one.name, one.took) for one in drill.scored] == [("resolved", 9)]


def test_one_that_fails_says_why(commander, game):
    def ill(say, between):
        raise Refused("The diagnosis still finds something.")

    game(ill)
    with pytest.raises(CommandError):
        call_command("gameday", "network")
    drill = Drill.objects.get()
    assert (drill.state, drill.told) == (DrillState.FAILED, "The diagnosis still finds something.")


def test_a_fault_of_our_own_is_kept_as_well(commander, game):
    def ill(say, between):
        raise RuntimeError("a fault of our own")

    game(ill)
    with pytest.raises(RuntimeError):
        call_command("gameday", "network")
    assert Drill.objects.get().told == "a fault of our own"


def test_where_no_sandbox_runs_nothing_is_played_and_nothing_is_kept(commander, game, settings):
    settings.TRON_NODE_URL = "https://api.trongrid.io"
    with pytest.raises(CommandError):
        call_command("gameday", "network")
    with pytest.raises(Refused):
        playing.ask_for("network", by=commander, at=clock.database_now())
    assert not Drill.objects.exists()


def test_without_a_name_it_tells_which_there_are(db):
    with pytest.raises(CommandError, match="paging-provider-down"):
        call_command("gameday")


def test_what_the_page_asked_for_is_played_once(commander, game):
    drill = playing.ask_for("network", by=commander, at=clock.database_now())
    assert playing.work_left()
    call_command("gameday", "--asked")
    call_command("gameday", "--asked")
    drill.refresh_from_db()
    assert (drill.state, drill.asked_at, drill.lead) == (DrillState.DONE, None, commander)
    assert not playing.work_left()


def test_a_second_one_is_not_asked_for_while_the_first_waits(commander, game):
    playing.ask_for("network", by=commander, at=clock.database_now())
    with pytest.raises(Refused):
        playing.ask_for("database", by=commander, at=clock.database_now())
    assert Drill.objects.count() == 1


def test_what_waits_for_a_worker_is_taken_back(commander, game):
    drill = playing.ask_for("network", by=commander, at=clock.database_now())
    playing.stop(drill, at=clock.database_now())
    assert not playing.work_left()
    assert Drill.objects.get().state == DrillState.PLANNED


def test_one_that_is_to_stop_ends_between_two_looks(commander, game):
    def long(say, between):
        playing.stop(Drill.objects.get(), at=clock.database_now())
        between()
        say("00:01  never told")

    game(long)
    with pytest.raises(CommandError):
        call_command("gameday", "network")
    drill = Drill.objects.get()
    assert (drill.state, drill.told, drill.scored) == (DrillState.OFF, playing.STOPPED, [])


@contextmanager
def somebody_plays():
    given = connection.get_connection_params()
    keys = ("host", "port", "user", "password", "dbname")
    other = psycopg2.connect(**{key: given[key] for key in keys if key in given})
    try:
        other.cursor().execute("SELECT pg_advisory_lock(%s)", [playing.LOCK])
        yield
        other.cursor().execute("SELECT pg_advisory_unlock(%s)", [playing.LOCK])
    finally:
        other.close()


def test_one_ends_with_the_worker_that_began_it_and_says_that_it_was_cut_short(commander, game):
    ended = []

    def long(say, between):
        try:
            for _look in range(30):
                between()
        finally:
            ended.append("put back")

    game(long)
    drill = playing.ask_for("network", by=commander, at=clock.database_now())
    with pytest.raises(CommandError):  # nobody holds the other end of our input here
        call_command("gameday", "--asked")
    drill.refresh_from_db()
    assert (drill.state, drill.told, ended) == (DrillState.FAILED, playing.CUT, ["put back"])


def test_two_are_never_played_at_once(commander, game):
    with somebody_plays():
        assert playing.is_being_played()
        with pytest.raises(CommandError):
            call_command("gameday", "network")
        assert not Drill.objects.exists()
    assert not playing.is_being_played()


def test_what_was_cut_short_is_put_back_by_the_next_and_says_so(commander, game, monkeypatch):
    healed = []
    monkeypatch.setitem(PUT_BACK, "network", lambda: healed.append(True))
    drill = playing.begun(planned(commander), at=clock.database_now())
    incident = declare(
        "Network trouble", severity="P2", by=commander, at=clock.database_now(), drill=True
    )
    assert playing.work_left()
    call_command("gameday", "--asked")
    drill.refresh_from_db()
    assert (drill.state, drill.incident, healed) == (DrillState.FAILED, incident, [True])
    assert drill.told == playing.CUT
    assert not Incident.objects.open().exists()


def test_the_page_offers_to_play_and_follows_until_it_is_over(browser, everyone, game):
    page = browser("commander")
    assert "/drills/play/network/" in page.get("/drills/").content.decode()
    assert "/drills/play/" not in browser("viewer").get("/drills/").content.decode()
    address = page.post("/drills/play/network/").url
    assert 'hx-trigger="every 2s"' in page.get(address, headers={"HX-Request": "true"}).content.decode()  # fmt: skip
    call_command("gameday", "--asked")
    over = page.get(address, headers={"HX-Request": "true"})
    assert (over.headers["HX-Refresh"], over.content) == ("true", b"")
    assert "00:00  all is well" in page.get(address).content.decode()
    page.post("/drills/play/weather/")
    assert Drill.objects.count() == 1


def test_where_no_sandbox_runs_the_page_says_so(browser, everyone, game, settings):
    drill = planned(everyone["commander"])
    settings.TRON_NODE_URL = "https://api.trongrid.io"
    page = browser("commander")
    for address in ("/drills/", drill.get_absolute_url()):
        shown = page.get(address).content.decode()
        assert "도상 훈련" in shown
        assert "/play/" not in shown
