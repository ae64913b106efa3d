"""Checks that run at once: what is slow, broken or hangs for ever delays no other."""

import threading
import time
from datetime import timedelta

import pytest
from django import forms
from django.db import connection, connections
from django.utils import translation

from core import clock
from core.errors import Refused
from core.models import Heartbeat
from monitoring import services, taking
from monitoring.collector import CollectError, Collector, CollectorForm, Reading
from monitoring.crew import Crew
from monitoring.crew_of_portal import Rows
from monitoring.models import Check, Metric
from monitoring.registry import collectors
from monitoring.services.keeping import TICK
from tests.running import until

TIMEOUT = timedelta(seconds=0.2)


class OddForm(CollectorForm):
    does = forms.CharField()


class Odd(Collector):
    """Does what the test wants."""

    title = "odd"
    form = OddForm

    def __init__(self):
        self.gate, self.runs = threading.Event(), []

    def collect(self, settings, *, timeout):
        self.runs.append(settings["does"])
        yield from getattr(self, settings["does"])(timeout)

    def answers(self, _timeout):
        yield Reading("odd_value", 7)

    def hangs(self, _timeout):
        self.gate.wait(60)
        yield Reading("odd_value", 7)

    def is_slow(self, timeout):
        time.sleep(timeout)
        yield Reading("odd_value", 7)

    def gives_up(self, _timeout):
        yield Reading("odd_value", 500)
        raise CollectError("500이라고 답했어요")

    def breaks(self, _timeout):
        yield from {}["nothing"]

    def says_nothing(self, _timeout):
        return iter(())

    def says_words(self, _timeout):
        yield Reading("odd_value", "seven")

    def says_nan(self, _timeout):
        yield Reading("odd_value", float("nan"))

    def says_a_huge_number(self, _timeout):
        yield Reading("odd_value", 10**400)

    def never_ends(self, _timeout):
        for number in range(10**9):
            yield Reading("odd_value", number, {"n": str(number)})

    def says_nul(self, _timeout):
        raise CollectError("a\0b" * 1000)


@pytest.fixture
def odd(monkeypatch):
    collector = Odd()
    monkeypatch.setitem(collectors._things, "odd", collector)
    rested()
    yield collector
    collector.gate.set()
    rested()


def rested():
    """No other crew of this process is left, which would take the checks of the next test."""
    for thread in threading.enumerate():
        if thread.name == "checks":
            thread.join(60)
            assert not thread.is_alive(), "a crew of another test works on"


@pytest.fixture
def crew():
    return Crew(Rows(), retire=pytest.fail)


def check(does, **more):
    usual = {"timeout": TIMEOUT, "name": does}
    return Check.objects.create(collector="odd", settings={"does": does}, **(usual | more))


def states():
    return dict(Check.objects.values_list("name", "state"))


def work(crew, *, rounds=50):
    """What its leader does, in this thread, until nothing runs any more."""
    for _ in range(rounds):
        if not crew.round():
            return
    pytest.fail("it never ends")


def due_now():
    Check.objects.update(due_at=clock.database_now())


@pytest.mark.parametrize(
    ("does", "error", "kept"),
    [
        ("answers", "", 1),
        ("gives_up", "500이라고 답했어요", 1),
        ("breaks", "KeyError", 0),
        ("says_nothing", "no data", 0),
        ("says_words", "odd_value", 0),
        ("says_nan", "odd_value", 0),
        ("says_a_huge_number", "odd_value", 0),
        ("never_ends", "1000", 1000),
        ("says_nul", "a\ufffdb", 0),
        ("unheard of", "AttributeError", 0),
    ],
)
def test_whatever_a_collector_does_ends_in_words(odd, does, error, kept):
    with translation.override("en"):
        outcome = taking.take("odd", {"does": does}, timeout=1)

    assert outcome.state == ("failing" if error else "ok")
    assert error in outcome.error
    assert len(outcome.error) <= 500
    assert len(outcome.readings) == kept


def test_a_collector_that_is_gone_is_said():
    assert "nowhere" in taking.take("nowhere", {}, timeout=1).error


def test_settings_that_fit_no_more_are_said():
    assert taking.take("http", {}, timeout=1).error


@pytest.mark.django_db(transaction=True)
def test_all_that_is_due_is_read_and_one_that_hangs_delays_no_other(odd, crew):
    for number in range(40):
        check("answers", name=f"check {number}")
    check("hangs")
    check("gives_up")
    check("breaks")

    work(crew)

    found = states()
    assert found.pop("hangs") == "hanging"
    assert found.pop("gives_up") == found.pop("breaks") == "failing"
    assert set(found.values()) == {"ok"}
    assert Metric.objects.filter(name="odd_value").count() == 41
    assert Metric.objects.filter(name="check_up").count() == 43


@pytest.mark.django_db(transaction=True)
def test_what_ends_is_written_while_another_hangs(odd, crew):
    check("answers")
    check("hangs", timeout=timedelta(seconds=30))

    crew.round()

    assert states() == {"answers": "ok", "hangs": "new"}


@pytest.mark.django_db(transaction=True)
def test_what_hangs_is_not_begun_again_before_its_thread_ends(odd, crew):
    check("hangs")
    work(crew)
    for _ in range(3):
        due_now()
        work(crew)
    assert odd.runs == ["hangs"]
    assert services.claim_checks(10) == []  # nor by another process

    odd.gate.set()
    for run in list(crew.left_alone.values()):
        run.thread.join()
    work(crew)
    assert crew.left_alone == {}
    due_now()
    work(crew)

    assert odd.runs == ["hangs", "hangs"]
    assert states() == {"hangs": "ok"}


@pytest.mark.django_db(transaction=True)
def test_what_came_after_it_was_given_up_is_not_counted(odd, crew):
    check("hangs")
    work(crew)
    odd.gate.set()
    for run in list(crew.left_alone.values()):
        run.thread.join()

    work(crew)

    assert states() == {"hangs": "hanging"}
    assert not Metric.objects.filter(name="odd_value").exists()


@pytest.mark.django_db(transaction=True)
def test_no_more_run_at_once_than_are_allowed_and_all_come_to_their_turn(odd):
    crew = Crew(Rows(), at_once=4, retire=pytest.fail)
    for number in range(20):
        check("answers", name=f"check {number}")

    assert crew.round()
    assert len(odd.runs) <= 4
    crew.wake()
    crew._leader.join(20)

    assert set(states().values()) == {"ok"}
    assert len(odd.runs) == 20


@pytest.mark.django_db(transaction=True)
def test_a_process_with_too_many_that_hang_makes_way_once_and_begins_nothing_more(odd):
    retired = []
    crew = Crew(Rows(), most_hanging=3, retire=lambda: retired.append(1))
    for number in range(3):
        check("hangs", name=f"check {number}")
    work(crew)
    check("answers")

    work(crew)

    assert retired == [1]
    assert states()["answers"] == "new"


@pytest.mark.django_db(transaction=True)
def test_the_tick_is_over_at_once_and_beats_from_the_thread_that_works(odd):
    crew = Crew(Rows(), retire=pytest.fail)
    check("is_slow", timeout=timedelta(seconds=1))

    crew.wake()
    leader = crew._leader
    crew.wake()

    assert crew._leader is leader
    assert states() == {"is_slow": "new"}
    leader.join(20)
    assert states() == {"is_slow": "ok"}
    assert Heartbeat.objects.filter(name=TICK).exists()


@pytest.mark.django_db(transaction=True)
def test_a_round_that_fails_is_followed_by_the_next_tick(odd, monkeypatch):
    crew = Crew(Rows(), retire=pytest.fail)
    check("answers")
    monkeypatch.setattr(services, "claim_checks", lambda limit: 1 / 0)
    crew.wake()
    crew._leader.join(20)
    monkeypatch.undo()
    monkeypatch.setitem(collectors._things, "odd", odd)

    crew.wake()
    crew._leader.join(20)

    assert states() == {"answers": "ok"}
    connections.close_all()


def test_who_tries_one_that_hangs_waits_for_its_time_only(odd, monkeypatch):
    monkeypatch.setattr(taking, "GRACE", 0.1)

    outcome = taking.tried("odd", {"does": "hangs"}, timeout=0.1)

    assert outcome.state == "hanging"


def test_only_so_many_may_hang_in_a_process_that_serves_pages(odd, monkeypatch):
    monkeypatch.setattr(taking, "GRACE", 0.1)
    monkeypatch.setattr(taking, "TRIES", threading.BoundedSemaphore(2))
    for _ in range(2):
        taking.tried("odd", {"does": "hangs"}, timeout=0.1)

    with pytest.raises(Refused):
        taking.tried("odd", {"does": "answers"}, timeout=0.1)

    odd.gate.set()
    time.sleep(0.5)
    assert taking.tried("odd", {"does": "answers"}, timeout=5).state == "ok"


@pytest.mark.django_db(transaction=True)
def test_who_reads_our_own_tables_leaves_no_connection_open(crew):
    def open_connections():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            return cursor.fetchone()[0]

    before = open_connections()
    for number in range(6):
        Check.objects.create(name=f"portal {number}", collector="portal")

    work(crew)

    assert set(Check.objects.values_list("state", flat=True)) == {"ok"}
    assert until(lambda: open_connections() <= before, within=10)
