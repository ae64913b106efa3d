"""A word by mail without a table: to who was kept in time, once each, and not again when there are tables."""

import os
import tracemalloc
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core import sealed
from core.sealed import Unreadable
from statuspage import composing, kept, sent, taking_turns, tokens
from statuspage.domain.phases import Phase
from statuspage.kept import Crowd
from statuspage.models import Foretold, Group, Mailing, Notice, Standing, Subscriber, Way
from statuspage.services import emergency, keeping, posting, publish_due, subscribing
from statuspage.services.breaking_glass import Round, words
from statuspage.spool import Asked, Spool
from statuspage.tree import Tree
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import START, component
from tests.statuspage.test_fanning_out import post as fan_out
from tests.statuspage.test_fanning_out import subscribed, told

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tree(tmp_path, page, settings):
    settings.BONGSU_HOME = tmp_path
    publish_due(at=START)
    return Tree()


def command(*words, **options):
    out = StringIO()
    call_command("status_emergency", *words, mail=True, yes=True, stdout=out, **options)
    return out.getvalue()


def said(*words, **options):
    return command(
        "멈췄어요.", "--title=출금 중단", "--set=TRC-20 출금=partial_outage", *words, **options
    )


def notice_of(tree):
    return emergency.waiting(tree)[-1]["notice"]


def test_it_asks_no_table(tree, sandbox, django_assert_num_queries):
    subscribed("kim")
    keeping.keep(at=START)
    with django_assert_num_queries(0):
        said()
    assert told(sandbox) == ["kim"]


def test_everybody_who_wants_it_hears_of_it_and_nobody_else(tree, sandbox):
    money = Group.objects.get()
    subscribed("all")
    subscribed("group", groups=[money.pk])
    subscribed("component", components=[component("Withdrawals").pk])
    subscribed("other", components=[component("Public API").pk])
    subscribed("critical", minimum="critical")
    subscribed("maintenance", incidents=False)
    subscribed("quiet", quiet=True)
    subscribed("unconfirmed", standing=Standing.UNCONFIRMED)
    subscribed("gone", standing=Standing.GONE)
    subscribed("phone", way=Way.SMS)
    keeping.keep(at=START)

    assert "4 mails to send" in said()

    assert told(sandbox) == ["all", "component", "group", "quiet"]


def test_the_mail_is_the_usual_one(tree, sandbox):
    kim = subscribed("kim", language="en")
    keeping.keep(at=START)
    said(en="Withdrawals have stopped.", title_en="Withdrawals")
    command("찾았어요.", notice=notice_of(tree), phase="identified")
    first, second = emergency.waiting(tree)

    mail, reply = sandbox.inbox(channel="email")
    heads = mail["headers"]
    assert mail["subject"] == "[dantaro][Investigating] Withdrawals"
    assert mail["text"].startswith("Withdrawals have stopped.")
    assert "Withdrawals: Partial outage" in mail["text"]
    link = tokens.link("https://status.example", "unsubscribe", tokens.leaving(kim.key))
    assert heads["List-Unsubscribe"] == f"<{link}>"
    assert heads["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert heads["List-Id"] == "<status.status.example>"
    assert heads["Message-ID"] == composing.message_id(first["id"])
    assert reply["headers"]["Message-ID"] == composing.message_id(second["id"])
    assert reply["headers"]["In-Reply-To"] == heads["Message-ID"]


def test_a_rehearsal_sends_and_says_nothing(tree, sandbox):
    subscribed("kim")
    keeping.keep(at=START)

    assert "1 mail to send" in said(dry_run=True)

    assert told(sandbox) == []
    assert emergency.waiting(tree) == []
    assert not list(kept.folder().glob("*.sent"))


def test_nobody_is_mailed_unasked(tree, sandbox):
    subscribed("kim")
    keeping.keep(at=START)
    with pytest.raises(CommandError, match="--yes"):
        call_command("status_emergency", "멈췄어요.", "--title=출금", "--mail", stdout=StringIO())
    assert told(sandbox) == []
    command()
    assert told(sandbox) == ["kim"]


def test_whoever_has_it_does_not_get_it_again_however_often_it_is_started(tree, sandbox):
    for number in range(3):
        subscribed(f"n{number}")
    keeping.keep(at=START)
    sandbox.break_("smtp", "fail", match="n1@", count=1)

    assert "1 later" in said()
    assert "1 mail to send (2 have it)" in command()
    assert "0 mails to send" in command()

    assert told(sandbox) == ["n0", "n1", "n2"]


@pytest.mark.parametrize(
    ("mode", "reached", "failed"),
    [("fail", ["a", "new", "odd", "z"], 0), ("reject", ["a", "new", "z"], 1)],
)
def test_the_database_tells_the_rest_and_nobody_twice(tree, sandbox, mode, reached, failed):
    for name in ("a", "odd", "z"):
        subscribed(name)
    subscribed("hook", way=Way.SLACK)
    keeping.keep(at=START)
    subscribed("new")  # confirmed a moment before the tables went
    sandbox.break_("smtp", mode, match="odd@", count=1)
    said()
    assert told(sandbox) == ["a", "z"]

    for _time in range(2):
        publish_due(at=START + MINUTE)
        fan_out()

    assert told(sandbox) == reached
    mailing = Mailing.objects.get(way=Way.EMAIL)
    assert (mailing.sent, mailing.failed) == (len(reached), failed)
    assert (mailing.foretold, bool(mailing.done_at)) == (2 + failed, True)
    odd = Subscriber.objects.get(address__startswith="odd")
    assert odd.standing == (Standing.QUARANTINED if failed else Standing.ACTIVE)
    assert not list(kept.folder().glob("*.sent"))
    subscribing.purge(at=START + MINUTE)
    assert not Foretold.objects.exists()


def test_what_was_told_is_recorded_once_though_whoever_takes_it_dies(tree, sandbox):
    subscribed("a")
    subscribed("b")
    keeping.keep(at=START)
    said()
    line = emergency.waiting(tree)[0]
    journal = (tree.root / emergency.JOURNAL).read_bytes()
    told_of = (kept.folder() / f"{line['id']}.sent").read_bytes()
    for _time in range(3):
        tree.keep(emergency.JOURNAL, journal)
        (kept.folder() / f"{line['id']}.sent").write_bytes(told_of)
        publish_due(at=START + MINUTE)
    fan_out()

    assert told(sandbox) == ["a", "b"]
    mailing = Mailing.objects.get(way=Way.EMAIL)
    assert (mailing.sent, mailing.foretold) == (2, 2)


def leave(one):
    token = tokens.leaving(one.key)
    assert Spool().keep(Asked("leave", "2026-11-23T03:00:00.000Z", "192.0.2.1", "n", token))


def test_who_left_while_there_was_no_database_gets_nothing(tree, sandbox):
    kim, lee = subscribed("kim"), subscribed("lee")
    keeping.keep(at=START)
    leave(kim)

    assert "1 mail to send (1 left meanwhile)" in said()

    assert told(sandbox) == ["lee"]
    leave(lee)
    command("찾았어요.", notice=notice_of(tree), phase="identified")
    assert told(sandbox) == ["lee"]


def test_who_leaves_while_it_goes_out_gets_nothing(tree, sandbox):
    subscribed("kim")
    lee = subscribed("lee")
    keeping.keep(at=START)
    emergency.post(
        {"ko": "멈췄어요.", "en": ""}, phase=Phase.INVESTIGATING, at=START, tree=tree,
        title={"ko": "출금", "en": ""}, states={},
    )  # fmt: skip
    crowd = Crowd()
    [word] = words(crowd, tree)
    one = Round(word, crowd, tree, today=START.date())
    one._due = one.due()
    batch = one._batch()
    leave(lee)
    one._tell_all(posting.Line(), batch)

    assert told(sandbox) == ["kim"]
    assert one.left_out == 1


def test_who_left_is_not_in_what_is_kept_next(tree):
    kim = subscribed("kim")
    subscribed("lee")
    keeping.keep(at=START)
    subscribing.leave(tokens.leaving(kim.key), at=START)
    keeping.keep(at=START + MINUTE)

    assert [one.address for one in Crowd()] == ["lee@example.com"]
    assert os.listdir(kept.folder()) == ["subscribers.sealed"]


def test_what_is_kept_is_all_of_the_choice(tree, monkeypatch):
    monkeypatch.setattr(keeping, "A_PIECE", 2)
    rows = [
        subscribed("n0", quiet=True, components=[3, 1], minimum="major", language="en"),
        subscribed("n1", groups=[7], maintenance=False),
        *(subscribed(f"n{number}") for number in range(2, 7)),
    ]
    keeping.keep(at=START)

    crowd = Crowd()
    assert [(one.pk, one.key, one.address, one.language, one.choice) for one in crowd] == [
        (one.pk, one.key, one.address, one.language, one.choice) for one in rows
    ]
    assert crowd.at == START
    held = component("Withdrawals")
    assert crowd.places[held.public_id] == (held.pk, held.group_id)


def test_memory_does_not_grow_with_the_crowd(tree):
    """Three thousand and fifty thousand: what is kept and what is read is one piece at a time."""
    peaks = []
    for many in (3_000, 50_000):
        Subscriber.objects.bulk_create(
            [one_of_many(number) for number in range(many)], ignore_conflicts=True
        )
        tracemalloc.start()
        keeping.keep(at=START)
        assert sum(1 for _each in Crowd()) == many
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0], peaks


def one_of_many(number):
    return Subscriber(
        address=f"n{number}@example.com", language="ko", standing=Standing.ACTIVE,
        created_at=START, confirmed_at=START,
    )  # fmt: skip


def test_quiet_ones_hear_the_beginning_and_the_end(tree, sandbox):
    subscribed("loud")
    subscribed("quiet", quiet=True)
    keeping.keep(at=START)
    said()
    command("찾았어요.", notice=notice_of(tree), phase="identified")
    command("끝났어요.", notice=notice_of(tree), phase="resolved")
    assert told(sandbox) == ["loud"] * 3 + ["quiet"] * 2


def test_who_missed_the_beginning_hears_the_next_word_as_one(tree, sandbox):
    subscribed("quiet", quiet=True)
    keeping.keep(at=START)
    call_command(
        "status_emergency", "멈췄어요.", "--title=출금", stdout=StringIO()
    )  # without --mail
    command("찾았어요.", notice=notice_of(tree), phase="identified")
    assert told(sandbox) == ["quiet"]


@pytest.mark.parametrize("everybody", [True, False])
def test_a_beginning_that_was_mailed_is_not_missed_when_the_next_word_overtakes_it(
    tree, sandbox, everybody
):
    """Both were said without a database; one of two quiet ones was not reached by the beginning."""
    subscribed("loud")
    subscribed("quiet", quiet=True)
    subscribed("slow", quiet=True)
    keeping.keep(at=START)
    if not everybody:
        sandbox.break_("smtp", "fail", match="slow@", count=1)
    said()
    call_command(
        "status_emergency",
        "찾았어요.",
        notice=notice_of(tree),
        phase="identified",
        stdout=StringIO(),
    )
    before = told(sandbox)
    publish_due(at=START + MINUTE)
    fan_out()

    assert sorted(told(sandbox)) == sorted([*before, "loud", *(() if everybody else ("slow",))])


def test_an_overtaken_word_goes_to_nobody_else(tree, sandbox):
    subscribed("kim")
    keeping.keep(at=START)
    call_command("status_emergency", "멈췄어요.", "--title=출금", stdout=StringIO())
    call_command(
        "status_emergency",
        "찾았어요.",
        notice=notice_of(tree),
        phase="identified",
        stdout=StringIO(),
    )
    command()
    [mail] = sandbox.inbox(channel="email")
    assert mail["text"].startswith("찾았어요.")


def test_a_server_that_is_away_is_said_and_gone_on_from(tree, sandbox, monkeypatch):
    monkeypatch.setattr("statuspage.services.breaking_glass.PAUSE", 0.01)
    subscribed("kim")
    keeping.keep(at=START)
    sandbox.break_("smtp", "ratelimit")
    with pytest.raises(CommandError, match=r"takes nothing.*--mail"):
        said()
    sandbox.break_("smtp", "ok")
    command()
    assert told(sandbox) == ["kim"]


def test_it_stops_when_the_database_has_the_word(tree, sandbox):
    subscribed("kim")
    keeping.keep(at=START)
    emergency.post(
        {"ko": "멈췄어요.", "en": ""}, phase=Phase.INVESTIGATING, at=START, tree=tree,
        title={"ko": "출금", "en": ""}, states={},
    )  # fmt: skip
    crowd = Crowd()
    [word] = words(crowd, tree)
    one = Round(word, crowd, tree, today=START.date())
    publish_due(at=START + MINUTE)
    for walk in one.begin():
        walk.result()

    assert one.is_taken
    assert told(sandbox) == []
    assert "the database has all" in command()


def test_two_do_not_mail_at_once(tree, sandbox):
    subscribed("kim")
    keeping.keep(at=START)
    with taking_turns.turn(), pytest.raises(CommandError, match="else mails"):
        said()
    assert told(sandbox) == []


def test_whoever_hangs_holds_up_nobody_for_ever(tree, monkeypatch):
    monkeypatch.setattr(taking_turns, "PATIENCE", 0.1)
    call_command("status_emergency", "멈췄어요.", "--title=출금", stdout=StringIO())
    with taking_turns.turn():
        publish_due(at=START + MINUTE)
        assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.unlink(), "There is no"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "cut off"),
        (lambda path: path.write_bytes(path.read_bytes()[:7]), "only the beginning"),
        (lambda path: path.write_bytes(b""), "only the beginning"),
        (lambda path: flip(path, -30), "damaged"),
    ],
)
def test_what_cannot_be_read_is_said_and_nobody_is_mailed(tree, sandbox, spoil, why):
    subscribed("kim")
    keeping.keep(at=START)
    spoil(kept.folder() / "subscribers.sealed")
    with pytest.raises(CommandError, match=why):
        said()
    assert told(sandbox) == []
    assert "멈췄어요." in (tree.current / "status/index.html").read_text()


def flip(path, place):
    whole = bytearray(path.read_bytes())
    whole[place] ^= 1
    path.write_bytes(whole)


def test_another_key_is_said(tree, settings):
    keeping.keep(at=START)
    settings.SECRET_KEY = "another" * 8
    with pytest.raises(CommandError, match="another key"):
        said()
    with pytest.raises(Unreadable):
        Crowd()
    assert kept.kept_at() is None


def test_a_half_written_key_at_the_end_is_cut_off(tree):
    journal = sent.Sent("abc")
    for pk in (3, 1):
        journal.add(pk)
    journal.add(2, refused=True)
    journal.close()
    path = kept.folder() / "abc.sent"
    path.write_bytes(path.read_bytes() + b"\x01\x02")

    again = sent.Sent("abc")
    assert [again.has(pk) for pk in (1, 2, 3, 4)] == [True, True, True, False]
    again.add(4)
    again.close()
    assert list(sent.sorted_keys("abc")) == [1, 2, 3, 4]
    assert sent.refused("abc") == [2]


def test_what_is_kept_can_be_read_by_nobody_without_the_key(tree):
    subscribed("kim")
    keeping.keep(at=START)
    path = kept.folder() / "subscribers.sealed"
    assert b"kim" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Unreadable):
        sealed.Sealed(path, secret="guessed")


def test_the_one_click_of_such_a_mail_works_when_there_are_tables_again(tree, sandbox):
    kim = subscribed("kim")
    keeping.keep(at=START)
    said()
    [mail] = sandbox.inbox(channel="email")
    link = mail["headers"]["List-Unsubscribe"].strip("<>")
    path = "/status" + link.removeprefix("https://status.example")
    assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    kim.refresh_from_db()
    assert kim.standing == Standing.GONE
