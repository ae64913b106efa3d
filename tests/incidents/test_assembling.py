"""The team is called together: a channel of its own in Slack, whatever Slack does meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from core.errors import Refused
from incidents import services
from incidents.domain.roles import Role
from incidents.models import Assembly, Incident, SeverityPolicy
from notifications.models import Delivery, Lane
from notifications.outbox import send_one
from tests.incidents.conftest import after, kinds, last_event, pages, person, post
from tests.notifications.conftest import running_sandbox, sandbox
from tests.race import at_once

pytestmark = pytest.mark.django_db
__all__ = ["running_sandbox", "sandbox"]


def row(incident):
    return Assembly.objects.get(incident=incident)


def open_channels(**span):
    done = 0
    while services.open_due(at=after(**(span or {"seconds": 10}))):
        done += 1
    return done


def told(sandbox, method, **said):
    answer = sandbox.slack(method, **said).json()
    assert answer["ok"], answer
    return answer


def slack(username):
    return person(username).contacts.get(channel="slack").address


def test_a_grave_incident_has_a_channel_with_everybody_who_was_paged(declare, sandbox):
    incident = declare("P1")
    assert open_channels() == 1

    made = row(incident)
    members = set(told(sandbox, "conversations.members", channel=made.channel)["members"])
    assert members >= {slack(name) for name in ("tech-lead", "dev1", "dev2", "devops")}
    [mark] = told(sandbox, "bookmarks.list", channel_id=made.channel)["bookmarks"]
    assert mark["link"].endswith(incident.get_absolute_url())
    assert last_event(incident, "channel_opened").data == {
        "name": made.name, "people": len(members) - 1,
    }  # fmt: skip
    assert open_channels() == 0


def test_a_mild_one_has_none_until_a_commander_asks(declare, sandbox, commander):
    incident = declare("P2")
    assert not Assembly.objects.exists()

    services.assemble(incident, by=commander, at=after(seconds=5))
    assert open_channels() == 1
    assert kinds(incident)[-2:] == ["assembled", "channel_opened"]
    assert row(incident).opened_at


def test_one_that_turns_grave_has_a_channel_from_then_on(declare, sandbox, commander):
    incident = declare("P2")
    services.change_severity(incident, "P1", by=commander, at=after(minutes=3))
    assert (row(incident).asked_at, row(incident).asked_by) == (after(minutes=3), None)
    assert open_channels(minutes=3) == 1

    made = row(incident)
    members = told(sandbox, "conversations.members", channel=made.channel)["members"]
    assert slack("dev1") in members
    for severity in ("P2", "P0"):
        services.change_severity(incident, severity, by=commander, at=after(minutes=4))
    assert (row(incident).channel, row(incident).asked_at) == (made.channel, made.asked_at)


def test_one_that_nobody_answers_gets_its_channel_as_it_goes_up(declare, sandbox):
    incident = declare("P2")
    services.escalate_due(at=after(hours=2))

    assert row(incident).asked_at == after(hours=2)


def test_calling_together_pages_only_who_was_not_paged_yet(declare, sandbox, commander):
    incident = declare("P1")
    before = pages(incident)
    services.assemble(incident, by=commander, at=after(seconds=5))

    assert pages(incident) == before
    Delivery.objects.filter(recipient__username="dev2").delete()
    services.assemble(incident, by=commander, at=after(seconds=6))
    assert ("dev2", "sms") in pages(incident)


def test_the_card_asks_in_the_channel_and_is_no_page(declare, sandbox):
    incident = declare("P1")
    open_channels()

    card = Delivery.objects.get(topic=incident.topic, step="card")
    assert (card.lane, card.recipient, card.address) == (Lane.NOTICE, None, row(incident).channel)
    Delivery.objects.exclude(pk=card.pk).delete()
    Delivery.objects.update(due_at=after())
    assert send_one("slack", [Lane.NOTICE])
    [shown] = sandbox.inbox(channel="slack")
    labels = [
        each["text"]["text"] for each in shown["details"]["message"]["blocks"][-1]["elements"]
    ]
    assert labels == ["확인했어요", "대응하기 어려워요", "열어서 응답하기"]


def test_who_is_paged_or_has_a_role_later_is_invited_later(declare, sandbox, commander):
    incident = declare("P1")
    open_channels()
    services.give_role(
        incident, Role.SCRIBE, to=person("senior-dev"), by=commander, at=after(minutes=1)
    )
    assert open_channels(minutes=2) == 1

    members = told(sandbox, "conversations.members", channel=row(incident).channel)["members"]
    assert slack("senior-dev") in members
    assert kinds(incident).count("channel_opened") == 1
    assert Delivery.objects.filter(step="card").count() == 1


@pytest.mark.parametrize(
    "method",
    ["create", "invite", "setTopic", "bookmarks.add"],
)
@pytest.mark.parametrize("mode", ["drop", "fail", "garbage", "ratelimit"])
def test_whatever_step_fails_the_next_attempt_goes_on_and_nothing_is_done_twice(
    declare, sandbox, method, mode
):
    incident = declare("P1")
    Assembly.objects.update(asked_at=clock.now())  # the sandbox goes by the real time
    sandbox.break_("slack_channels", mode, match=method, count=1, retry_after=40)
    open_channels()
    assert row(incident).error
    assert not row(incident).opened_at

    open_channels(minutes=2)
    made = row(incident)
    assert (made.error, made.due_at) == ("", None)
    assert made.name == f"inc-{incident.number}"
    assert len(told(sandbox, "bookmarks.list", channel_id=made.channel)["bookmarks"]) == 1
    assert kinds(incident).count("channel_opened") == 1


def test_a_channel_of_the_same_name_that_is_older_is_not_ours(declare, sandbox, commander):
    incident = declare("P2")
    Assembly.objects.create(
        incident=incident, asked_at=clock.now() + timedelta(days=1), due_at=after()
    )
    told(sandbox, "conversations.create", name=f"inc-{incident.number}")
    open_channels()

    assert row(incident).name == f"inc-{incident.number}-2"


def test_slack_s_no_is_said_once_and_the_room_is_the_place(declare, sandbox, commander):
    incident = declare("P1")
    sandbox.break_("slack_channels", "reject")
    open_channels()

    assert (row(incident).error, row(incident).due_at) == ("channel_not_found", None)
    assert kinds(incident).count("channel_failed") == 1
    client = Client()
    client.force_login(commander)
    assert "채널 다시 열기" in client.get(incident.get_absolute_url()).content.decode()

    sandbox.break_("slack_channels", "ok")
    client.post(f"{incident.get_absolute_url()}assemble/")
    open_channels_now()
    assert row(incident).opened_at
    assert f"#{row(incident).name}" in client.get(incident.get_absolute_url()).content.decode()


def open_channels_now():
    Assembly.objects.filter(due_at__isnull=False).update(due_at=after())
    open_channels()


def test_it_is_not_tried_for_ever(declare, sandbox):
    incident = declare("P1")
    sandbox.break_("slack_channels", "fail")
    for hour in range(1, 20):
        open_channels(hours=hour)

    assert row(incident).attempts == 12
    assert kinds(incident).count("channel_failed") == 1


def test_without_slack_the_room_is_the_place(declare, settings, commander):
    settings.SLACK_BOT_TOKEN = ""
    incident = declare("P0")
    assert not Assembly.objects.exists()

    services.assemble(incident, by=commander, at=after(seconds=5))
    assert open_channels() == 0
    client = Client()
    client.force_login(commander)
    assert "이 상황실에서 대응해요" in client.get(incident.get_absolute_url()).content.decode()


def test_what_is_over_before_its_channel_is_open_needs_none(declare, commander):
    incident = declare("P1")
    services.resolve(Incident.objects.get(), by=commander, at=after(seconds=1))
    open_channels()

    assert (row(incident).channel, row(incident).due_at) == ("", None)
    with pytest.raises(Refused):
        services.assemble(incident, by=commander, at=after(seconds=2))


def test_the_severity_decides_whether_one_is_opened_unasked(declare):
    SeverityPolicy.objects.filter(severity="P0").update(assembles=False)

    declare("P0")
    assert not Assembly.objects.exists()


def test_a_storm_opens_no_hundred_channels(declare):
    for _ in range(15):
        declare("P0")
    declare("P0", at=after(minutes=11))

    assert Assembly.objects.count() == 11


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_open_one_channel(declare, sandbox):
    incident = declare("P1")
    at_once(*[lambda: services.open_due(at=after(seconds=10))] * 4)

    assert kinds(incident).count("channel_opened") == 1
    assert row(incident).name == f"inc-{incident.number}"


def test_the_api_calls_together_and_tells_who_came(declare, sandbox, api):
    incident = declare("P2")
    services.acknowledge(incident, by=person("tech-lead"), at=after(minutes=3))
    answer = post(api, f"{incident.number}/team/").json()
    open_channels_now()

    assert (answer["told"], answer["joined"], answer["last_after"]) == (1, 1, 180.0)
    assert answer["channel"] == ""
    assert Assembly.objects.get().asked_by == person("commander")
