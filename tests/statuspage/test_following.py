"""Components move with the incidents of their services, and customers hear what a person says of it."""

from datetime import timedelta

import pytest
from django.db import connection

from core.errors import Refused
from incidents.services import change_severity, reopen, resolve
from statuspage import tasks
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import sentence
from statuspage.domain.states import State
from statuspage.models import Change, Component, Interval, Notice, Page
from statuspage.reading import read
from statuspage.services import Words, close_due, follow, following, say
from tests.statuspage.scene import START, component

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def states(at=START + 60 * MINUTE):
    return {one["name"]["en"]: one["state"] for one in read(at=at)["components"]}


def spoken(incident, phase=Phase.INVESTIGATING, *, by, at=START, **said):
    words = Words(phase, **({"body_ko": "확인하고 있어요."} | said))
    return say(Notice.objects.get(incident=incident), words, by=by, at=at)


def test_an_incident_moves_the_components_of_its_services_at_once(trouble):
    trouble("P1", "withdrawals", "api")

    follow(at=START)

    assert states() == {
        "Withdrawals": "major_outage", "Deposits": "operational", "Public API": "major_outage",
    }  # fmt: skip
    assert read(at=START)["notices"] == [], "nobody has said a word yet"
    assert Change.objects.filter(why="components").count() == 1


def test_a_second_look_changes_nothing(trouble, django_assert_num_queries):
    trouble("P1")
    follow(at=START)
    before = Notice.objects.get().updated_at

    with django_assert_num_queries(9):
        assert follow(at=START + MINUTE) == 0

    assert Notice.objects.get().updated_at == before
    assert (Interval.objects.count(), Change.objects.filter(why="components").count()) == (1, 1)


def test_a_milder_severity_moves_them_on(trouble, commander):
    incident = trouble("P1")
    follow(at=START)
    incident.refresh_from_db()
    change_severity(incident, "P2", by=commander, at=START + MINUTE)

    follow(at=START + MINUTE)

    assert states()["Withdrawals"] == "degraded_performance"
    rows = list(Interval.objects.order_by("pk").values_list("state", "began_at", "ended_at"))
    assert rows == [
        ("major_outage", START, START + MINUTE), ("degraded_performance", START + MINUTE, None),
    ]  # fmt: skip
    assert Notice.objects.get().impact == "critical", "it stays as grave as it once was"


def test_the_worst_of_two_incidents_is_shown_until_both_are_over(trouble, commander):
    grave, mild = trouble("P0"), trouble("P2")
    follow(at=START)
    assert states()["Withdrawals"] == "major_outage"
    grave.refresh_from_db()
    resolve(grave, by=commander, at=START + MINUTE)

    follow(at=START + MINUTE)

    assert states()["Withdrawals"] == "degraded_performance"
    assert mild.is_open


def test_a_drill_moves_nothing(trouble):
    trouble("P0", drill=True)
    assert follow(at=START) == 0


def test_a_resolved_incident_of_which_nobody_was_told_ends_in_silence(trouble, commander):
    incident = trouble("P1")
    follow(at=START)
    incident.refresh_from_db()
    resolve(incident, by=commander, at=START + MINUTE)

    follow(at=START + MINUTE)

    assert states()["Withdrawals"] == "operational"
    assert Notice.objects.get().phase == Phase.RESOLVED
    assert read(at=START)["notices"] == []
    assert follow(at=START + 2 * MINUTE) == 0


def test_a_resolved_incident_that_customers_know_of_waits_for_a_word(trouble, commander):
    incident = trouble("P1")
    follow(at=START)
    spoken(incident, by=commander)
    incident.refresh_from_db()
    resolve(incident, by=commander, at=START + MINUTE)

    assert follow(at=START + MINUTE) == 1

    assert states()["Withdrawals"] == "operational", "what is well is not shown as down meanwhile"
    [notice] = read(at=START)["notices"]
    assert notice["resolved_at"] is None
    assert notice["components"] == [component("Withdrawals").public_id]
    assert follow(at=START + 2 * MINUTE) == 0


def resolved(incident, commander, at):
    incident.refresh_from_db()
    resolve(incident, by=commander, at=at)
    follow(at=at)


@pytest.mark.parametrize("told", [True, False])
def test_what_comes_back_is_on_the_page_again(trouble, commander, told):
    incident = trouble("P1")
    follow(at=START)
    if told:
        spoken(incident, by=commander)
    resolved(incident, commander, START + MINUTE)
    close_due(at=START + 20 * MINUTE)
    incident.refresh_from_db()
    reopen(incident, by=commander, at=START + 30 * MINUTE)

    assert follow(at=START + 30 * MINUTE) == 1
    assert follow(at=START + 31 * MINUTE) == 0

    assert states()["Withdrawals"] == "major_outage"
    notice = Notice.objects.get()
    assert (notice.phase, notice.resolved_at) == (Phase.INVESTIGATING, None)
    assert notice.updates.filter(body_en__startswith="The trouble is back").exists() == told


def test_what_is_over_is_said_by_itself_after_a_while(trouble, commander):
    incident = trouble("P1")
    follow(at=START)
    spoken(incident, by=commander)
    resolved(incident, commander, START + MINUTE)
    assert close_due(at=START + 15 * MINUTE) == 0, "it is left to a person first"

    assert close_due(at=START + 16 * MINUTE) == 1
    assert close_due(at=START + 17 * MINUTE) == 0

    [notice] = read(at=START + 20 * MINUTE)["notices"]
    assert notice["phase"] == "resolved"
    assert notice["updates"][0]["body"] == {
        "ko": "해결됐어요. 모두 다시 정상이에요.", "en": "This is resolved. Everything works again.",
    }  # fmt: skip


def test_where_a_person_has_to_say_it_nothing_says_it(trouble, commander):
    Page.objects.update(closes_after=None)
    incident = trouble("P1")
    follow(at=START)
    spoken(incident, by=commander)
    resolved(incident, commander, START)
    assert close_due(at=START + 600 * MINUTE) == 0


def test_where_components_wait_for_a_person_they_move_with_the_first_word(trouble, commander):
    Page.objects.update(follows_at_once=False)
    incident = trouble("P1")
    follow(at=START)
    assert states()["Withdrawals"] == "operational"

    update = spoken(incident, by=commander, at=START + MINUTE)

    assert states()["Withdrawals"] == "major_outage"
    assert [(one["old"], one["new"]) for one in update.changes] == [("operational", "major_outage")]


def test_what_a_person_says_of_components_stays(trouble, commander):
    incident = trouble("P1")
    follow(at=START)
    said = {component("Withdrawals"): State.PARTIAL, component("Deposits"): State.DEGRADED}

    update = spoken(incident, Phase.IDENTIFIED, by=commander, states=said)
    follow(at=START + MINUTE)

    assert states()["Withdrawals"] == "partial_outage"
    assert states()["Deposits"] == "degraded_performance"
    changes = {one["name"]["en"]: (one["old"], one["new"]) for one in update.changes}
    assert changes == {
        "Withdrawals": ("major_outage", "partial_outage"),
        "Deposits": ("operational", "degraded_performance"),
    }


def test_the_first_word_makes_it_public_and_the_last_ends_it(trouble, commander):
    incident = trouble("P1")
    follow(at=START)
    spoken(incident, by=commander)
    spoken(incident, Phase.MONITORING, by=commander, at=START + MINUTE)
    over = dict.fromkeys([component("Withdrawals")], State.OPERATIONAL)
    spoken(incident, Phase.RESOLVED, by=commander, at=START + 2 * MINUTE, states=over)

    [notice] = read(at=START)["notices"]
    assert [one["phase"] for one in notice["updates"]] == [
        "resolved",
        "monitoring",
        "investigating",
    ]
    assert (notice["monitoring_at"], notice["resolved_at"]) == (
        "2026-11-23T03:01:00.000Z", "2026-11-23T03:02:00.000Z",
    )  # fmt: skip
    assert notice["impact"] == "critical"
    assert states()["Withdrawals"] == "operational"
    told = incident.timeline.filter(kind="public_update").order_by("seq")
    assert [one.data["phase"] for one in told] == ["investigating", "monitoring", "resolved"]


def test_each_word_promises_the_next_by_the_severity(trouble, commander):
    incident = trouble("P1")
    follow(at=START)
    spoken(incident, by=commander)
    notice = Notice.objects.get()
    assert notice.next_update_by is not None
    assert notice.next_update_by > START
    spoken(incident, Phase.RESOLVED, by=commander)
    notice.refresh_from_db()
    assert notice.next_update_by is None


def test_the_page_is_as_bad_as_its_components_are_now(trouble, commander):
    incident = trouble("P0")
    follow(at=START)
    said = {component("Withdrawals"): State.DEGRADED}
    spoken(incident, by=commander, states=said)
    snapshot = read(at=START + MINUTE)
    assert snapshot["notices"][0]["impact"] == "critical", "what it was"
    assert sentence(snapshot) == "Partially Degraded Service"

    incident.refresh_from_db()
    resolve(incident, by=commander, at=START + MINUTE)
    follow(at=START + MINUTE)
    waits = read(at=START + 2 * MINUTE)
    assert sentence(waits) == "Partially Degraded Service", "until somebody says that it is over"

    Notice.objects.update(impact_override="major")
    assert sentence(read(at=START + 2 * MINUTE)) == "Partial System Outage"


@pytest.mark.parametrize(
    "words",
    [Words(Phase.INVESTIGATING), Words(Phase.POSTMORTEM, "검토"), Words(Phase.SCHEDULED, "점검")],
)
def test_what_cannot_be_said_is_refused_and_changes_nothing(trouble, commander, words):
    trouble("P1")
    follow(at=START)

    with pytest.raises(Refused):
        say(Notice.objects.get(), words, by=commander, at=START)

    assert Notice.objects.get().published_at is None


def test_the_page_is_read_in_a_fixed_number_of_queries(
    trouble, commander, django_assert_num_queries
):
    for _ in range(3):
        incident = trouble("P1", "withdrawals", "deposits")
        follow(at=START)
        spoken(incident, by=commander)
        spoken(incident, Phase.IDENTIFIED, by=commander)

    with django_assert_num_queries(13):
        read(at=START)


def test_nothing_follows_where_there_is_no_page(trouble):
    trouble("P1")
    Component.objects.all().delete()
    Page.objects.all().delete()
    assert follow(at=START) == 0
    assert not Notice.objects.exists()


def test_every_incident_that_ever_was_is_not_read_each_time(trouble):
    trouble("P1")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of a few rows all ways are cheap
    plan = following._concerned([1]).explain()
    assert "incidents_incident_pkey" in plan
    assert "Seq Scan on incidents_incident " not in plan


def test_after_a_storm_a_few_incidents_are_in_memory_at_once(
    trouble, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(following, "BATCH", 2)
    for _ in range(5):
        trouble("P1")
    follow(at=START)

    with django_assert_num_queries(9 + 2 * 3):  # what belongs to each two of them is read with them
        assert follow(at=START + MINUTE) == 0


def test_while_alerts_wait_the_gravest_of_each_service_speaks_for_it(trouble, monkeypatch):
    many = [
        trouble("P2", "withdrawals"),
        trouble("P1", "withdrawals"),
        trouble("P1", "withdrawals"),
    ]
    trouble("P3", "deposits")
    monkeypatch.setattr(following, "is_behind", lambda: True)

    assert follow(at=START) == 2
    assert states()["Withdrawals"] == "major_outage"
    assert states()["Deposits"] != "operational"
    assert Notice.objects.filter(incident__in=many).count() == 1

    monkeypatch.undo()
    assert follow(at=START) == 2
    assert Notice.objects.count() == 4


def test_a_tick_that_takes_long_is_not_joined_by_the_next(trouble):
    trouble("P1")
    with tasks.under_way:
        tasks.tick()
        assert not Notice.objects.exists()
    tasks.tick()
    assert Notice.objects.exists()
