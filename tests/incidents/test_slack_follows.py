"""What was said in Slack follows the incident: the others' pages, the card, the topic, the end."""

import re

import pytest
from django.db.models import F

from core import clock
from incidents import services
from incidents.domain.roles import Role
from incidents.models import Assembly, Incident
from notifications import rewriting
from notifications.models import Delivery, Lane
from notifications.outbox import send_one
from postmortems.models import State
from postmortems.services import draft, move
from tests.incidents.conftest import START, after, kinds, person
from tests.notifications.conftest import running_sandbox, sandbox

pytestmark = pytest.mark.django_db
__all__ = ["running_sandbox", "sandbox"]


@pytest.fixture
def incident(declare, sandbox):
    """Its pages are in Slack."""
    declared = declare("P1", at=START)
    Delivery.objects.exclude(channel="slack").delete()
    send_all()
    return declared


def send_all():
    Delivery.objects.update(due_at=START)
    while send_one("slack", [Lane.PAGE, Lane.NOTICE, Lane.BULK]):
        pass


def rewritings():
    return Delivery.objects.filter(topic=rewriting.ABOUT)


def below(shown):
    """What stands under each message: its buttons, or who answered."""
    last = shown["details"]["message"]["blocks"][-1]["elements"]
    return [
        each["text"] if isinstance(each["text"], str) else each["text"]["text"] for each in last
    ]


def look(at):
    while services.open_due(at=at):
        pass


def channel_of(sandbox, incident):
    listed = sandbox.slack("conversations.list", limit=1000).json()["channels"]
    name = Assembly.objects.get(incident=incident).name
    return next(each for each in listed if each["name"] == name)


def test_everybody_s_page_then_says_who_answered_and_asks_no_more(incident, sandbox):
    before = len(sandbox.inbox(channel="slack"))
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=2))
    send_all()

    shown = sandbox.inbox(channel="slack")
    assert before == len(shown) > 2
    words = {line for each in shown for line in below(each)}
    assert {re.sub(r"\d", "0", each) for each in words} <= {
        "✓ 확인: 윤서아 님이 00:00:00에 확인했어요", "✓ Acknowledged: answered by 윤서아 at 00:00:00",
    }  # fmt: skip


def test_a_graver_severity_stands_on_the_page_and_its_button_still_answers(
    incident, sandbox, commander
):
    page = Delivery.objects.filter(recipient__username="dev1").get()
    services.change_severity(incident, "P0", by=commander, at=after(minutes=1))
    Delivery.objects.filter(step="1").delete()
    send_all()

    [shown, *_] = sandbox.inbox(channel="slack", to=page.address)
    assert "P0 치명적" in shown["details"]["message"]["blocks"][0]["text"]["text"]
    [act, _cannot, _open] = shown["details"]["message"]["blocks"][-1]["elements"]
    assert (act["action_id"], act["value"]) == ("acknowledge", str(page.pk))


def test_the_last_words_win_and_there_is_one_rewriting_a_message(incident, sandbox, commander):
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    count = rewritings().count()
    services.resolve(incident, by=commander, at=after(minutes=2))
    send_all()

    assert rewritings().count() == count
    assert {below(each)[0].split(":")[0] for each in sandbox.inbox(channel="slack")} <= {
        "✓ 해결", "✓ Resolved",
    }  # fmt: skip


def test_the_same_twice_is_sent_once(incident, sandbox, commander):
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    send_all()
    services.change_severity(incident, "P2", by=commander, at=after(minutes=2))
    services.change_severity(incident, "P1", by=commander, at=after(minutes=3))
    send_all()
    Incident.objects.filter(pk=incident.pk).update(title=F("title"))

    before = set(rewritings().values_list("attempts", "sent_at"))
    services.note_outcomes(at=after(minutes=4))
    assert set(rewritings().values_list("attempts", "sent_at")) == before
    assert not rewritings().undone().exists()


def test_whoever_sends_the_old_words_does_not_finish_the_new_ones(incident, sandbox, commander):
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    row = rewritings().first()
    until = clock.now()
    rewritings().filter(pk=row.pk).update(
        state="leased", lease_token=row.pk, lease_until=until, due_at=until
    )
    services.resolve(incident, by=commander, at=after(minutes=2))

    row.refresh_from_db()
    assert (row.state, row.lease_token, row.due_at) == ("pending", None, until)


def test_a_page_that_was_on_its_way_is_put_right_when_it_has_arrived(declare, sandbox, commander):
    declared = declare("P1", at=START)
    services.acknowledge(declared, by=commander, at=after(seconds=1))
    late = Delivery.objects.filter(channel="slack", recipient__username="dev1").get()
    Delivery.objects.filter(pk=late.pk).update(
        state="sent", sent_at=after(seconds=2), provider_id="D1/1.2", noted=False
    )
    services.note_outcomes(at=after(seconds=5))

    [row] = rewritings()
    assert row.context["answered"].startswith("확인")


def test_reopened_they_ask_again(incident, sandbox, commander):
    services.resolve(incident, by=commander, at=after(minutes=1))
    services.reopen(Incident.objects.get(), by=commander, at=after(minutes=2))

    assert all("answered" not in row.context for row in rewritings())


def test_a_storm_leaves_old_messages_as_they_are(incident, monkeypatch, commander):
    monkeypatch.setattr(rewriting, "WAITING", 2)
    services.acknowledge(incident, by=commander, at=after(minutes=1))

    assert rewritings().count() == 2


def test_the_topic_follows_severity_state_and_commander(incident, sandbox, commander):
    look(after(seconds=5))
    assert channel_of(sandbox, incident)["topic"]["value"].startswith("P1 · 발생 · 지휘자 없음 · #")

    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    look(after(minutes=1))
    assert channel_of(sandbox, incident)["topic"]["value"].startswith("P1 · 확인 · 지휘 윤서아 · #")

    services.give_role(
        Incident.objects.get(), Role.COMMANDER, to=commander, by=commander, at=after(minutes=2)
    )
    services.change_severity(Incident.objects.get(), "P2", by=commander, at=after(minutes=2))
    look(after(minutes=2))
    topic = channel_of(sandbox, incident)["topic"]["value"]
    assert topic.startswith(f"P2 · 확인 · 지휘 {commander.name} · #")


def test_the_card_says_who_answered_too(incident, sandbox):
    look(after(seconds=5))
    send_all()
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    send_all()

    channel = Assembly.objects.get().channel
    [card] = sandbox.inbox(channel="slack", to=channel)
    assert below(card)[0].startswith("✓ 확인: 윤서아")


def over(incident, commander):
    look(after(seconds=5))
    services.resolve(Incident.objects.get(), by=commander, at=after(hours=1))
    look(after(hours=1))


def test_at_the_end_the_channel_is_told_and_days_later_archived(incident, sandbox, commander):
    over(incident, commander)
    [closing] = Delivery.objects.filter(step__startswith="closing")
    assert "3일" in closing.context["headline"]
    look(after(days=2))
    assert not channel_of(sandbox, incident)["is_archived"]

    look(after(days=3, hours=1))
    assert channel_of(sandbox, incident)["is_archived"]
    assert (Assembly.objects.get().due_at, kinds(incident).count("channel_failed")) == (None, 0)
    assert Delivery.objects.filter(step__startswith="closing").count() == 1


def test_the_published_postmortem_archives_it_at_once(incident, sandbox, commander):
    over(incident, commander)
    written = draft(Incident.objects.get(), by=commander, at=after(hours=2))
    written.actions.update(suggested=False)
    for to in (State.REVIEW, State.PUBLISHED):
        move(written, to, seen=2, by=commander, at=after(hours=3))
    look(after(hours=3))

    assert channel_of(sandbox, incident)["is_archived"]


def test_reopened_after_that_there_is_a_new_channel(incident, sandbox, commander):
    over(incident, commander)
    look(after(days=4))
    old = Assembly.objects.get().channel
    services.reopen(Incident.objects.get(), by=commander, at=after(days=5))
    look(after(days=5))

    made = Assembly.objects.get()
    assert made.channel not in {"", old}
    assert made.opened_at
    assert not made.archived_at


@pytest.mark.parametrize("mode", ["drop", "fail", "ratelimit", "garbage"])
def test_whatever_slack_does_the_channel_is_archived_in_the_end(incident, sandbox, commander, mode):
    over(incident, commander)
    sandbox.break_("slack_channels", mode, match="archive", count=1, retry_after=40)
    look(after(days=4))
    look(after(days=4, minutes=5))

    assert channel_of(sandbox, incident)["is_archived"]
    assert Assembly.objects.get().archived_at
