"""One update to everybody who wants it, once, by real SMTP to the sandbox."""

import email
import re
from datetime import timedelta
from email.policy import default
from itertools import islice

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statuspage import composing, envelopes, progress, tokens
from statuspage.domain.choosing import LEAST, Choice, News, wants
from statuspage.domain.phases import Kind, Phase
from statuspage.domain.states import Impact
from statuspage.models import (
    Batch,
    Deferred,
    Group,
    Mailing,
    Notice,
    Standing,
    Subscriber,
    Way,
)
from statuspage.services import Words, fanning_out, follow, posting, say, subscribing
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import START, component

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def subscribed(name, **said):
    return Subscriber.objects.create(
        **{
            "address": f"{name}@example.com", "language": "ko", "standing": Standing.ACTIVE,
            "created_at": START - MINUTE, "confirmed_at": START - MINUTE,
        }
        | said
    )  # fmt: skip


@pytest.fixture
def notice(trouble, commander):
    """Withdrawals are in trouble, and nobody has said a word."""
    trouble("P1")
    follow(at=START)
    return Notice.objects.get()


@pytest.fixture
def tell(notice, commander):
    def say_(phase=Phase.INVESTIGATING, korean="살펴보고 있어요.", english="", **said):
        at = START + MINUTE * (1 + notice.updates.count())
        return say(notice, Words(phase, korean, english, **said), by=commander, at=at)

    return say_


def post():
    """As a worker does it, in this thread: the test's transaction is seen by no other."""
    posting.Postman().walk()


def sending(piece):
    """A sender that stops where it is told to, as if it had died there."""
    postman, kept = posting.Postman(), posting.Progress(piece.batch, piece.token)
    told = iter(piece.told)

    def send(count):
        for one in islice(told, count):
            postman._tell(piece.batch, kept, one)

    return send


def told(sandbox):
    return sorted(one["to"].partition("@")[0] for one in sandbox.inbox(channel="email"))


def test_everybody_who_wants_it_hears_of_it_once(sandbox, tell):
    money = Group.objects.get()
    subscribed("all")
    subscribed("group", groups=[money.pk])
    subscribed("component", components=[component("Withdrawals").pk])
    subscribed("other", components=[component("Public API").pk])
    subscribed("critical", minimum="critical")
    subscribed("maintenance", incidents=False)
    subscribed("unconfirmed", standing=Standing.UNCONFIRMED)
    subscribed("later", confirmed_at=START + timedelta(hours=1))
    tell()

    post()
    post()

    assert told(sandbox) == ["all", "component", "critical", "group"]
    mailing = Mailing.objects.get(way=Way.EMAIL)
    assert (mailing.sent, bool(mailing.done_at)) == (4, True)


def test_what_is_not_to_be_told_is_not(sandbox, tell):
    subscribed("all")
    tell(told=False)
    post()
    assert told(sandbox) == []


def test_a_mail_is_what_mailboxes_and_people_expect(sandbox, tell):
    one = subscribed("kim", language="en")
    first = tell(
        Phase.INVESTIGATING,
        "살펴보고 있어요.",
        "We are looking into it.\n.a dot first\n" + "long " * 60,
    )
    post()
    tell(Phase.IDENTIFIED, "찾았어요.")
    post()

    mail, reply = sandbox.inbox(channel="email")
    heads = mail["headers"]
    assert mail["subject"].startswith("[dantaro][Investigating] ")
    assert mail["text"].startswith("We are looking into it.\n.a dot first\nlong long")
    assert heads["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = heads["List-Unsubscribe"].strip("<>")
    assert link == tokens.link("https://status.example", "unsubscribe", tokens.leaving(one.key))
    assert link in mail["text"]
    assert f'href="{link}"' in mail["html"]
    assert heads["List-Id"] == "<status.status.example>"
    assert heads["Auto-Submitted"] == "auto-generated"
    assert heads["Content-Language"] == "en"
    assert heads["Message-ID"] == composing.message_id(first.public_id)
    assert reply["headers"]["References"] == heads["Message-ID"]
    assert reply["text"].startswith("[Korean] 찾았어요.")  # it was said in one language only
    answer = Client(enforce_csrf_checks=True).post(
        "/status" + link.removeprefix("https://status.example"), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    one.refresh_from_db()
    assert one.standing == Standing.GONE


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(min_size=1, max_size=400))
def test_whatever_is_said_arrives_as_it_was_said(body, page, tell):
    update = tell()
    update.body_ko = body
    link = "https://status.example/unsubscribe/" + "x" * 66 + "/"

    data = composing.form_of(update, page, "ko").filled("kim@example.com", link)

    assert max(map(len, data.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 78
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    sent = re.sub(rb"(?m)^\.\.", b".", data)
    text = email.message_from_bytes(sent, policy=default).get_body(("plain",)).get_content()
    said = "\n".join(body.strip().splitlines())
    assert text.replace("\r\n", "\n").startswith(said)
    assert link in text


CHOICES = st.builds(
    Choice, st.frozensets(st.integers(1, 3)), st.frozensets(st.integers(7, 8)),
    st.sampled_from(LEAST), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
NEWS = st.builds(
    News, st.sampled_from(Kind), st.sampled_from(Impact), st.frozensets(st.integers(1, 3)),
    st.frozensets(st.integers(7, 8)), st.booleans(),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(CHOICES, max_size=8), news=NEWS)
def test_rows_are_chosen_by_the_rule(choices, news, db):
    Subscriber.objects.all().delete()
    rows = {}
    for number, choice in enumerate(choices):
        row = subscribed(f"n{number}")
        row.choose(choice)
        row.save()
        rows[row.pk] = choice

    found = Subscriber.objects.wanting(news, at=START).filter(quiet__in=[False, news.edge])

    assert set(found.values_list("pk", flat=True)) == {
        pk for pk, choice in rows.items() if wants(choice, news)
    }


def test_quiet_ones_hear_the_beginning_and_the_end(sandbox, tell):
    subscribed("quiet", quiet=True)
    subscribed("loud")
    for phase in (Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING, Phase.RESOLVED):
        tell(phase)
        post()
    assert told(sandbox) == ["loud"] * 4 + ["quiet"] * 2


def test_what_is_overtaken_goes_to_nobody_whom_it_has_not_reached(sandbox, tell, monkeypatch):
    """Three were told of the beginning; the fourth, who hears beginnings only, hears the next word as one."""
    monkeypatch.setitem(fanning_out.SIZES, Way.EMAIL, 3)
    for number in range(6):
        subscribed(f"n{number}", quiet=number % 2 == 1)
    first = tell(Phase.INVESTIGATING)
    piece = fanning_out.take(Way.EMAIL)
    sending(piece)(3)
    fanning_out.finish(piece.batch)

    second = tell(Phase.IDENTIFIED)
    post()

    had = {
        one: [m["key"] for m in sandbox.inbox(channel="email", to=f"n{one}@")] for one in range(6)
    }
    a, b = composing.message_id(first.public_id), composing.message_id(second.public_id)
    assert had == {0: [a, b], 1: [a], 2: [a, b], 3: [b], 4: [b], 5: [b]}
    old = Mailing.objects.get(update=first, way=Way.EMAIL)
    assert old.superseded_at
    assert old.done_at


@pytest.mark.parametrize("in_the_row", [0, 1, 2])
def test_a_batch_whose_sender_died_goes_on_where_it_was(sandbox, tell, monkeypatch, in_the_row):
    """Whether the row was behind the note, or had caught up with it."""
    for number in range(5):
        subscribed(f"n{number}")
    tell()
    piece = fanning_out.take(Way.EMAIL)
    send = sending(piece)
    monkeypatch.setattr(posting, "WRITTEN_EVERY", -1)
    send(in_the_row)
    monkeypatch.setattr(posting, "WRITTEN_EVERY", 60)
    send(2 - in_the_row)
    posting.Postman()._send(piece.batch.mailing, piece.told[2])  # accepted, and not noted
    assert Batch.objects.get().sent == in_the_row

    assert fanning_out.take(Way.EMAIL) is None  # its lease runs
    Batch.objects.update(lease_until=START)
    post()

    assert told(sandbox) == ["n0", "n1", "n2", "n2", "n3", "n4"]
    assert [one["to"] for one in sandbox.inbox() if one["duplicate"]] == ["n2@example.com"]
    mailing = Mailing.objects.get(way=Way.EMAIL)
    assert (mailing.sent, mailing.unsure, bool(mailing.done_at)) == (5, 1, True)
    monkeypatch.setattr(posting, "WRITTEN_EVERY", -1)
    with pytest.raises(posting.Lost):
        send(1)  # who wakes up again stops


def test_a_batch_whose_sender_died_after_its_last_mail_is_finished(sandbox, tell, monkeypatch):
    subscribed("kim")
    subscribed("lee")
    tell()
    piece = fanning_out.take(Way.EMAIL)
    monkeypatch.setattr(posting, "WRITTEN_EVERY", 60)
    sending(piece)(2)
    Batch.objects.update(lease_until=START)
    post()

    assert told(sandbox) == ["kim", "lee"]
    mailing = Mailing.objects.get(way=Way.EMAIL)
    assert (mailing.sent, bool(mailing.done_at)) == (2, True)


def test_without_the_note_the_row_is_what_is_known(sandbox, tell, monkeypatch):
    """As when the host is lost, and another one goes on."""
    for number in range(3):
        subscribed(f"n{number}")
    tell()
    piece = fanning_out.take(Way.EMAIL)
    monkeypatch.setattr(posting, "WRITTEN_EVERY", 60)
    sending(piece)(2)
    progress.forget(piece.token)
    Batch.objects.update(lease_until=START)
    post()

    assert told(sandbox) == ["n0", "n0", "n1", "n1", "n2"]
    assert len([one for one in sandbox.inbox() if one["duplicate"]]) == 2


def test_a_refusal_is_passed_over_by_the_note_too(sandbox, tell, monkeypatch):
    monkeypatch.setattr(posting, "WRITTEN_EVERY", 60)
    for name in ("kim", "gone", "lee"):
        subscribed(name)
    sandbox.break_("smtp", "reject", match="gone@")
    tell()
    piece = fanning_out.take(Way.EMAIL)
    sending(piece)(2)
    Batch.objects.update(lease_until=START)
    post()

    assert told(sandbox) == ["kim", "lee"]
    mailing = Mailing.objects.get(way=Way.EMAIL)
    assert (mailing.sent, mailing.failed) == (2, 1)


def test_a_mailbox_that_does_not_exist_is_written_to_no_more(sandbox, tell):
    subscribed("gone")
    subscribed("kim")
    sandbox.break_("smtp", "reject", match="gone@")
    tell()
    post()

    assert told(sandbox) == ["kim"]
    one = Subscriber.objects.get(address="gone@example.com")
    assert one.standing == Standing.QUARANTINED
    assert one.why.startswith("550")
    mailing = Mailing.objects.get(way=Way.EMAIL)
    assert (mailing.sent, mailing.failed, bool(mailing.done_at)) == (1, 1, True)


def test_a_mailbox_that_says_later_is_tried_later_and_holds_up_nobody(sandbox, tell):
    subscribed("busy")
    subscribed("kim")
    sandbox.break_("smtp", "fail", match="busy@", count=2)
    tell()
    post()
    assert told(sandbox) == ["kim"]
    assert not Mailing.objects.get(way=Way.EMAIL).done_at

    for _time in range(2):
        Deferred.objects.update(due_at=START)
        post()

    assert told(sandbox) == ["busy", "kim"]
    assert Mailing.objects.get(way=Way.EMAIL).done_at


def test_who_left_while_the_mailbox_said_later_gets_nothing_any_more(sandbox, tell):
    one = subscribed("busy")
    sandbox.break_("smtp", "fail", match="busy@", count=1)
    tell()
    post()
    subscribing.leave(tokens.leaving(one.key), at=START)

    Deferred.objects.update(due_at=START)
    post()

    assert told(sandbox) == []
    assert Mailing.objects.get(way=Way.EMAIL).done_at


def test_a_server_that_is_away_costs_nobody_a_mail(sandbox, tell):
    for number in range(3):
        subscribed(f"n{number}")
    sandbox.break_("smtp", "ratelimit", count=1)
    tell()
    post()
    assert told(sandbox) == []

    Batch.objects.update(lease_until=START)
    post()

    assert told(sandbox) == ["n0", "n1", "n2"]
    assert Mailing.objects.get(way=Way.EMAIL).unsure == 0


def test_an_envelope_says_whose_mail_came_back_for_a_week():
    today = START.date()
    address = envelopes.sender(123456, today)

    assert len(address.partition("@")[0]) <= 64
    assert envelopes.behind(address.upper(), today + timedelta(days=7)) == 123456
    assert envelopes.behind(address, today + timedelta(days=8)) is None
    assert envelopes.behind(address.replace("+2", "+3"), today) is None
    assert envelopes.behind("kim@example.com", today) is None
