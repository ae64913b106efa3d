"""From an address that somebody typed to a subscriber who said yes, as the mailbox and the browser see it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from core import clock
from statuspage.domain.addresses import normalised
from statuspage.models import Asking, Group, Standing, Subscriber
from statuspage.services import limiting, subscribing
from statuspage.services.lettering import write_due
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import component

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db
ADDRESS = "kim@example.com"
BOTH = {"incidents": "on", "maintenance": "on", "language": "ko"}


@pytest.fixture
def visitor(page):
    return Client(enforce_csrf_checks=True)


def ask(visitor, address=ADDRESS, **said):
    return visitor.post("/status/subscribe/", BOTH | {"address": address} | said)


def letter(sandbox, at=None):
    """The way that the last letter opens, as a path of ours."""
    write_due(at=at or clock.now())
    mail = sandbox.inbox(channel="email")[-1]
    return re.search(r"https://status\.example(/\S+)", mail["text"])[1], mail


def subscriber():
    return Subscriber.objects.get()


def confirmed(visitor, sandbox, **said):
    ask(visitor, **said)
    visitor.post("/status" + letter(sandbox)[0])
    return subscriber()


def test_who_presses_in_the_mail_is_subscribed(visitor, sandbox):
    answer = ask(visitor)

    assert answer.status_code == 200
    assert not answer.cookies
    assert subscriber().standing == Standing.UNCONFIRMED
    way, mail = letter(sandbox)
    assert mail["to"] == ADDRESS
    assert mail["headers"]["From"] == "단타로 <bongsu@localhost>"
    assert visitor.post("/status" + way).status_code == 200
    assert subscriber().standing == Standing.ACTIVE


def test_a_scanner_that_follows_the_link_confirms_nothing(visitor, sandbox):
    ask(visitor)
    way, _mail = letter(sandbox)

    page = visitor.get("/status" + way)

    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert subscriber().standing == Standing.UNCONFIRMED


def test_a_link_works_once_and_for_two_days(visitor, sandbox):
    ask(visitor)
    way, _mail = letter(sandbox)
    old = subscriber().letter_at - timedelta(hours=49)

    assert visitor.post("/status" + way[:-4] + "AAA/").status_code == 410
    Subscriber.objects.update(letter_at=old)
    assert visitor.post("/status" + way).status_code == 410
    Subscriber.objects.update(letter_at=old + timedelta(hours=49))
    assert visitor.post("/status" + way).status_code == 200
    assert visitor.post("/status" + way).status_code == 410


@pytest.mark.parametrize("standing", [None, *Standing])
def test_the_answer_is_the_same_whatever_the_address_is(standing, visitor, sandbox):
    expected = ask(visitor, "nobody@example.com").content
    if standing:
        Subscriber.objects.create(
            address=ADDRESS, standing=standing, created_at=clock.now(), confirmed_at=clock.now()
        )

    for _again in range(3):  # the last ones write to nobody any more
        answer = ask(visitor)
        assert (answer.status_code, answer.content) == (200, expected)


def test_an_address_is_one_however_it_is_written(visitor, sandbox):
    for written in (ADDRESS, "  KIM@Example.COM ", "Kim@EXAMPLE.com"):
        ask(visitor, written)

    assert subscriber().address == ADDRESS
    assert write_due(at=clock.now()) == 1


def test_who_is_subscribed_gets_a_link_to_change_it_and_nothing_changes_before(visitor, sandbox):
    confirmed(visitor, sandbox)
    Asking.objects.all().delete()
    ask(visitor, quiet="on", minimum="critical")
    before = subscriber()
    assert (before.quiet, before.minimum) == (False, "none")
    way, _mail = letter(sandbox)
    page = visitor.get("/status" + way)
    assert page.status_code == 200

    money = Group.objects.get()
    said = {
        "incidents": "on",
        "groups": [money.public_id],
        "components": [component("Public API").public_id],
    }
    answer = visitor.post(
        "/status" + way, said | {"quiet": "on", "minimum": "major", "language": "en"}
    )

    assert answer.status_code == 200
    after = subscriber()
    assert (after.quiet, after.minimum, after.language) == (True, "major", "en")
    assert (after.groups, after.components) == ([money.pk], [component("Public API").pk])
    assert (after.incidents, after.maintenance) == (True, False)
    assert visitor.get("/status" + way).status_code == 410


def test_leaving_takes_a_press_or_one_click_of_a_mail_program(visitor, sandbox):
    one = confirmed(visitor, sandbox)
    way = f"/status/unsubscribe/{subscribing.tokens.leaving(one.key)}/"

    assert visitor.get(way).status_code == 200
    assert subscriber().standing == Standing.ACTIVE
    answer = visitor.post(way, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert subscriber().standing == Standing.GONE
    assert visitor.post(way).status_code == 200
    assert visitor.post("/status/unsubscribe/nothing/").status_code == 410


def test_old_links_end_with_the_old_subscription(visitor, sandbox):
    one = confirmed(visitor, sandbox)
    old = subscribing.tokens.leaving(one.key)
    subscribing.leave(old, at=clock.now())
    Asking.objects.all().delete()

    confirmed(visitor, sandbox)

    assert not subscribing.leave(old, at=clock.now())
    assert subscriber().standing == Standing.ACTIVE


def test_nobody_is_written_to_more_than_three_times_a_day(visitor, sandbox, page):
    at = clock.now()
    for hour in range(6):
        limiting.may_write_to(ADDRESS, at=at + timedelta(hours=hour))

    assert not limiting.may_write_to(ADDRESS, at=at + timedelta(hours=7))
    assert limiting.may_write_to(ADDRESS, at=at + timedelta(hours=25))


def test_a_network_that_asks_for_many_is_sent_away(visitor, sandbox):
    for number in range(20):
        assert ask(visitor, f"someone{number}@example.com").status_code == 200

    assert ask(visitor, "another@example.com").status_code == 429
    assert Subscriber.objects.count() == 20


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2345::7", "2001:db8:1:2300::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("nonsense", "unknown"),
    ],
)
def test_whoever_has_one_address_of_a_network_has_its_others(client, network):
    assert limiting.network_of(client) == network


def test_what_was_asked_keeps_no_address(visitor, sandbox):
    ask(visitor)

    said = " ".join(Asking.objects.values_list("of", flat=True))
    assert "127" not in said
    assert "kim" not in said
    subscribing.purge(at=clock.now() + timedelta(days=2))
    assert not Asking.objects.exists()


@pytest.mark.parametrize(
    ("standing", "days"), [("unconfirmed", 7), ("gone", 30), ("quarantined", 90)]
)
def test_who_is_no_subscriber_any_more_is_forgotten(standing, days, page):
    at = clock.now()
    Subscriber.objects.create(
        address=ADDRESS, standing=standing, created_at=at, letter_at=at, ended_at=at
    )
    subscribing.purge(at=at + timedelta(days=days) - timedelta(minutes=1))
    assert Subscriber.objects.exists()
    subscribing.purge(at=at + timedelta(days=days, minutes=1))
    assert not Subscriber.objects.exists()


def test_a_mailbox_that_does_not_exist_is_forgotten_at_once(visitor, sandbox):
    sandbox.break_("smtp", "reject")
    ask(visitor)
    write_due(at=clock.now())
    assert not Subscriber.objects.exists()


def test_a_letter_waits_for_a_server_that_is_away(visitor, sandbox):
    sandbox.break_("smtp", "fail", count=1)
    ask(visitor)
    at = clock.now()

    assert write_due(at=at) == 0
    assert write_due(at=at + timedelta(seconds=61)) == 1
    assert write_due(at=at + timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("A.B+tag@Example.COM", "a.b+tag@example.com"),
        ("kim@예시.한국", "kim@xn--vv4b11d.xn--3e0b707e"),
        ("kim@localhost", None),
        ("kim@127.0.0.1", None),
        ("a..b@example.com", None),
        ("kim@exa mple.com", None),
        ("kim@example.com\r\nBcc: all@example.com", None),
        ("<kim@example.com>", None),
        ("김@example.com", None),
        (f"{'a' * 65}@example.com", None),
        ("@example.com", None),
        ("", None),
    ],
)
def test_what_is_an_address(typed, kept):
    assert normalised(typed) == kept


def test_what_is_no_address_is_said_and_nothing_is_kept(visitor):
    assert ask(visitor, "kim").status_code == 400
    assert visitor.post("/status/subscribe/", {"address": ADDRESS}).status_code == 400
    assert not Subscriber.objects.exists()


def test_what_could_not_be_done_says_what_is_kept(visitor):
    answer = ask(visitor, "kim").content.decode()
    assert "브라우저에서 뒤로 가면 적은 내용이 그대로 있어요." in answer


def test_a_wrong_address_of_the_page_leads_customers_back_to_it(visitor):
    answer = visitor.get("/status/incidents/gone/")
    assert answer.status_code == 404
    assert 'href="/status/"' in answer.content.decode()
    assert "장애 목록으로" not in answer.content.decode()


@pytest.mark.parametrize(
    "index", ["subscriber_unconfirmed", "subscriber_gone", "subscriber_quarantined"]
)
def test_who_is_to_be_forgotten_is_looked_up_and_not_searched_for(index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of a few rows all ways are cheap
    assert index in Subscriber.objects.stale(at=clock.now()).explain()
