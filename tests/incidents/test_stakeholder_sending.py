"""Urgency decides when and how: at once and loudly, soon, or once an hour in one message."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.models import StakeholderMessage
from incidents.services import stakeholders
from notifications.models import Delivery, Lane, State
from notifications.rendering import render
from teams.models import User
from teams.stakeholders import StakeholderContact
from tests.incidents.conftest import START, after, kinds, last_event, person
from tests.incidents.messaging import deliveries, group, handed_over, message, tell
from tests.race import at_once

pytestmark = pytest.mark.django_db


def digests():
    return Delivery.objects.filter(topic__startswith="digest:").order_by("recipient_name")


def approved(incident, to="customers"):
    draft = message(incident, to)
    stakeholders.approve(draft, version=draft.version, by=person("cto"), at=after(minutes=2))
    tell(after(minutes=2))
    draft.refresh_from_db()
    return draft


@pytest.mark.parametrize(("severity", "channel"), [("P0", "voice"), ("P1", "sms")])
def test_immediate_is_now_by_the_loudest_channel_of_the_severity(felt, severity, channel):
    told = message(felt(severity), "management")

    assert deliveries(told) == {("한지원", channel), ("정유진", channel)}
    assert set(Delivery.objects.about(told.topic).values_list("lane", "due_at")) == {
        (Lane.NOTICE, START)
    }


def test_high_is_soon_by_a_written_channel(felt):
    group("customers").people.add(person("dev2"))
    sent = approved(felt("P0"))

    assert deliveries(sent) == {("고객 포털", "email"), ("Daniel Reyes", "slack")}


def test_what_is_not_urgent_waits_for_one_message_an_hour_with_all_incidents(felt):
    first, second = felt("P2", ["admin"]), felt("P3", ["admin"], at=after(minutes=20))
    tell(after(minutes=59))
    assert not digests().exists()

    tell(after(hours=1))

    assert [d.recipient_name for d in digests()] == ["개발팀", "운영팀"]
    to_operations = digests().last()
    assert to_operations.lane == Lane.BULK
    assert to_operations.context["incidents"] == [first.pk, second.pk]
    text = render(to_operations).text
    assert f"#{first.pk}" in text
    assert f"#{second.pk}" in text


def test_a_digest_with_one_message_is_that_message(felt):
    incident = felt("P3", ["admin"])
    tell(after(hours=1))

    [delivery] = digests()
    assert render(delivery).subject == message(incident, "operations").subject_ko


def test_each_reads_it_in_their_language_and_is_asked_for_no_answer(felt):
    group("customers").people.add(person("dev2"))
    sent = approved(felt())

    said = {d.language: render(d) for d in Delivery.objects.about(sent.topic)}
    assert said["ko"].subject == "[안내] 출금 서비스 이용에 불편이 있습니다"
    assert said["en"].subject == "[Notice] Trouble with Withdrawals"
    assert {(one.link, one.keys) for one in said.values()} == {("", "")}
    assert "/p/" not in said["ko"].text + said["ko"].html + said["ko"].short


def test_a_title_with_markup_stays_words(declare):
    incident = declare("P1")
    draft = stakeholders.write(
        incident, group("support"), dict.fromkeys(
            ["subject_ko", "body_ko", "subject_en", "body_en"], "<b>5 < 6</b> {title} {{ x }}"
        ), urgency="high", by=person("cto"), at=START,
    )  # fmt: skip
    stakeholders.approve(draft, version=1, by=person("cto"), at=START)
    tell(START)

    [delivery] = Delivery.objects.filter(topic=f"message:{draft.pk}")
    assert "&lt;b&gt;5 &lt; 6&lt;/b&gt;" in render(delivery).html
    assert "<b>5 < 6</b> {title} {{ x }}" in render(delivery).text


def test_the_receipts_are_counted_and_said(felt):
    incident = felt("P1")
    told = message(incident, "management")
    handed_over(told, after(seconds=3))
    tell(after(seconds=5))

    told.refresh_from_db()
    assert (told.state, told.recipients, told.reached, told.missed) == ("sent", 2, 2, 0)
    said = last_event(incident, "message_sent").data
    assert (said["reached"], said["recipients"]) == (2, 2)


def test_one_who_was_not_reached_is_named_with_the_reason(felt):
    incident = felt("P1")
    told = message(incident, "management")
    handed_over(told, after(seconds=3))
    Delivery.objects.about(told.topic).filter(recipient__username="ceo").update(
        state=State.FAILED, sent_at=None, error="HTTP 400 unreachable"
    )
    tell(after(seconds=5))

    told.refresh_from_db()
    assert (told.state, told.reached, told.missed) == ("sent", 1, 1)
    assert last_event(incident, "message_failed").data["missed"] == [
        {"name": "한지원", "channel": "sms", "error": "HTTP 400 unreachable"}
    ]


def test_while_somebody_is_still_being_tried_it_is_not_yet_sent(felt):
    incident = felt("P1")
    told = message(incident, "management")
    Delivery.objects.about(told.topic).filter(recipient__username="ceo").update(
        state=State.SENT, sent_at=START
    )
    tell(after(seconds=5))

    told.refresh_from_db()
    assert (told.state, told.reached) == ("approved", 1)
    assert "message_sent" not in kinds(incident)


def test_a_message_nobody_got_failed_until_it_is_sent_again(felt):
    incident = felt("P1")
    told = message(incident, "management")
    Delivery.objects.about(told.topic).update(state=State.FAILED, error="no")
    tell(after(seconds=5))
    told.refresh_from_db()
    assert told.state == "failed"

    Delivery.objects.about(told.topic).update(state=State.SENT, sent_at=START, noted=False)
    tell(after(minutes=5))

    told.refresh_from_db()
    assert (told.state, told.reached, told.missed) == ("sent", 2, 0)


def test_the_receipts_of_a_digest_belong_to_each_of_its_messages(felt):
    first, second = felt("P2", ["admin"]), felt("P3", ["admin"], at=after(minutes=20))
    tell(after(hours=1))
    digests().update(state=State.SENT, sent_at=after(hours=1))
    tell(after(hours=1, seconds=5))

    assert [message(one, "operations").state for one in (first, second)] == ["sent", "sent"]
    assert message(first, "engineering").reached == 1


def test_a_group_without_an_address_is_said_not_hidden(felt):
    StakeholderContact.objects.filter(group__slug="customers").update(enabled=False)
    incident = felt()
    draft = approved(incident)

    assert draft.state == "failed"
    assert last_event(incident, "message_failed").data["missed"] == []


def test_whoever_left_is_not_told(felt):
    User.objects.filter(username="ceo").update(is_active=False)

    assert deliveries(message(felt("P1"), "management")) == {("정유진", "sms")}


def test_two_ticks_at_once_send_once(transactional_db, felt, declare):
    draft = message(felt(), "customers")
    stakeholders.approve(draft, version=1, by=person("cto"), at=START)

    at_once(*[lambda: stakeholders.send_due(at=START)] * 2)

    draft.refresh_from_db()
    assert Delivery.objects.about(draft.topic).count() == 1


def test_a_resolution_leaves_what_is_on_its_way(felt):
    incident = felt("P1")
    told = message(incident, "management")
    services.resolve(incident, by=person("cto"), at=after(minutes=1))
    tell(after(minutes=1))

    assert not Delivery.objects.about(told.topic).exclude(state=State.PENDING).exists()


def test_a_storm_is_handed_over_in_a_fixed_number_of_statements(declare):
    costs = []
    for count in (2, 20):
        for _ in range(count):
            declare("P1")
        while stakeholders.draft_due(at=START):
            # Released one by one, by people, or they would go together.
            alone = StakeholderMessage.objects.due(after(days=1)).filter(urgency="immediate")
            alone.update(goes_at=START, automatic=False)
        with CaptureQueriesContext(connection) as queries:
            assert stakeholders.send_due(at=START) == count
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_ten_thousand_customers_cost_statements_by_the_chunk_and_give_way(felt):
    to = group("customers")
    StakeholderContact.objects.bulk_create(
        StakeholderContact(group=to, name=f"고객 {n}", address=f"c{n}@customer.example")
        for n in range(10_000)
    )
    draft = message(felt(), "customers")
    stakeholders.approve(draft, version=1, by=person("cto"), at=START)
    with CaptureQueriesContext(connection) as queries:
        stakeholders.send_due(at=START)

    draft.refresh_from_db()
    assert draft.recipients == 10_001
    assert Delivery.objects.about(draft.topic).filter(lane=Lane.BULK).count() == 10_001
    assert len(queries) < 10_001 / 500 + 20


def test_their_receipts_are_a_few_lines_not_ten_thousand(felt):
    to = group("customers")
    StakeholderContact.objects.bulk_create(
        StakeholderContact(group=to, name=f"고객 {n}", address=f"c{n}@customer.example")
        for n in range(1200)
    )
    incident = felt()
    draft = approved(incident)
    Delivery.objects.about(draft.topic).update(state=State.FAILED, error="550 unknown")
    tell(after(minutes=3))

    assert kinds(incident).count("message_failed") == 3  # one a batch, five names each
    assert last_event(incident, "message_failed").data["more"] == 196
    assert StakeholderMessage.objects.get(pk=draft.pk).missed == 1201


def test_a_storm_tells_management_of_the_first_at_once_and_then_of_all_the_others_together(felt):
    storm = [felt("P1", at=after(seconds=10 * number)) for number in range(12)]
    tell(after(minutes=4))
    told = Delivery.objects.filter(recipient__username="ceo").order_by("created_at", "topic")
    assert sorted(d.context["incidents"] for d in told) == [[i.pk] for i in storm[:3]]

    tell(after(minutes=6))
    tell(after(minutes=9))
    [rest] = told.filter(created_at__gt=after(minutes=4))
    assert rest.context["incidents"] == [i.pk for i in storm[3:]]
    assert (rest.channel, rest.lane) == ("sms", Lane.NOTICE)
    short = render(rest).short
    assert ("9건" in short, "4건" in short, f"#{storm[-1].pk}" in short) == (True, True, False)
    assert f"#{storm[-1].pk}" in render(rest).text


def test_a_p0_in_a_storm_of_p1s_is_told_at_once(felt):
    felt("P1")
    felt("P1", at=after(minutes=1))
    gravest = felt("P0", at=after(minutes=2))

    assert message(gravest, "management").goes_at == after(minutes=2)
    assert deliveries(message(gravest, "management")) == {("한지원", "voice"), ("정유진", "voice")}
