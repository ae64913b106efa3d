"""What was asked for without a database: kept within bounds, done once, at the time when it was asked for."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from statuspage import tokens
from statuspage.domain.snapshot import written
from statuspage.models import Asking, Standing, Subscriber
from statuspage.services.catching_up import catch_up
from statuspage.spool import ROOM, SHARE, Asked, Spool
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.test_subscribing import BOTH, confirmed, letter

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "spool")


@pytest.fixture
def visitor(page):
    return Client()


def wish(address="kim@example.com", *, at=None, client="203.0.113.7"):
    fields = {name: [value] for name, value in BOTH.items()} | {"address": [address]}
    network = tokens.digest(client.rpartition(".")[0])
    return Asked("subscribe", written(at or clock.now()), client, network, fields=fields)


def waiting(spool):
    with spool.taken() as found:
        return [spool.read(one) for one in found]


def test_a_network_has_its_share_and_all_of_them_have_a_room(spool, monkeypatch):
    kept = [spool.keep(wish(f"{number}@example.com")) for number in range(SHARE + 1)]
    assert kept == [True] * SHARE + [False]
    assert spool.keep(wish(client="198.51.100.9"))

    monkeypatch.setitem(ROOM, "typed", SHARE + 1)
    assert not spool.keep(wish(client="192.0.2.9"))
    assert spool.keep(Asked("leave", written(clock.now()), "192.0.2.9", "n", "a-token"))


def test_the_same_wish_is_there_once_and_too_long_a_one_not_at_all(spool):
    assert [spool.keep(wish()) for _ in range(3)] == [True] * 3
    assert not spool.keep(wish("a" * 9_000 + "@example.com"))
    assert len(waiting(spool)) == 1


def test_nobody_else_on_the_machine_reads_it(spool):
    spool.keep(wish())
    (path,) = spool.root.glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    assert spool.root.stat().st_mode & 0o777 == 0o700


def test_who_asked_gets_their_letter_and_the_limits_hold(page, spool, sandbox):
    hour_ago = clock.now() - timedelta(hours=1)
    for address in ("kim@example.com", "lee@example.com"):
        spool.keep(wish(address, at=hour_ago))

    assert catch_up(spool) == 2
    assert catch_up(spool) == 0
    assert {one.letter_at for one in Subscriber.objects.all()} == {
        hour_ago.replace(microsecond=hour_ago.microsecond // 1000 * 1000)
    }
    assert Asking.objects.filter(of="all").count() == 2


def test_who_dies_after_the_tables_have_it_does_it_again_and_changes_nothing(
    page, spool, sandbox, visitor, monkeypatch
):
    one = confirmed(visitor, sandbox)
    spool.keep(wish("lee@example.com"))
    at = clock.now() - timedelta(minutes=5)
    spool.keep(Asked("leave", written(at), "192.0.2.1", "n", tokens.leaving(one.key)))

    def die(self, path):
        raise KeyboardInterrupt

    for _ in range(2):
        with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
            dying.setattr(Spool, "forget", die)
            catch_up(spool)
    assert catch_up(spool) == 2

    one.refresh_from_db()
    assert one.standing == Standing.GONE
    letters = [mail for mail in sandbox.inbox(channel="email") if mail["to"] == "lee@example.com"]
    letter(sandbox)
    letters = [mail for mail in sandbox.inbox(channel="email") if mail["to"] == "lee@example.com"]
    assert len(letters) == 1
    assert Subscriber.objects.count() == 2


def test_a_link_pressed_in_time_is_honoured_and_one_pressed_too_late_is_not(
    page, spool, sandbox, visitor
):
    pressed = {}
    for address, late in (("kim@example.com", False), ("lee@example.com", True)):
        visitor.post("/status/subscribe/", BOTH | {"address": address})
        way, _mail = letter(sandbox)
        asked = Subscriber.objects.get(address=address).letter_at
        when = asked + timedelta(hours=49 if late else 47)
        pressed[address] = when
        spool.keep(Asked("confirm", written(when), "192.0.2.1", "n", way.split("/")[-2]))

    assert catch_up(spool) == 2
    assert Subscriber.objects.get(address="kim@example.com").standing == Standing.ACTIVE
    assert Subscriber.objects.get(address="lee@example.com").standing == Standing.UNCONFIRMED


def test_what_makes_no_sense_is_set_aside_and_stops_nothing(page, spool):
    spool.keep(Asked("subscribe", "no time", "", "n", fields={}))
    spool.keep(wish())

    assert catch_up(spool) == 1
    assert len(list(spool.root.glob("*.bad"))) == 1
    assert Subscriber.objects.count() == 1
