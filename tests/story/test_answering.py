"""Answering a page from where one is, with nothing in between but the wire."""

import pytest

from tests.running import Product, until
from tests.story.telling import Json, now, post, the_incident, timeline

pytestmark = [pytest.mark.story, pytest.mark.enable_socket, pytest.mark.timeout(420)]

CTO, CTO_IN_SLACK = "+821000000002", "U0000002"


def fire(product: Product, title: str) -> None:
    door = product.integration("generic", name=title)
    post(door, {"title": title, "severity": "critical", "service": "withdrawals"})


def answered(product: Product, incident: Json) -> Json:
    """The timeline's line about the answer; what was handed over may be noted after it."""
    [event] = [each for each in timeline(product, incident) if each["kind"] == "status"]
    return event


def test_a_reply_by_text_message_answers_the_page(product: Product) -> None:
    fire(product, "Reply to me")
    incident = the_incident(product, "Reply to me")
    product.sandbox.expect("sms", to=CTO, containing="Reply to me")

    heard = product.sandbox.reply(CTO, f"확인 {incident['number']}")

    assert heard == f"#{incident['number']} 확인했어요: Reply to me"
    fresh = now(product, incident)
    assert (fresh["status"], fresh["acknowledged_by"]) == ("acknowledged", "정유진")
    assert answered(product, incident)["data"]["via"] == "sms"


def test_a_key_on_the_call_answers_the_page(product: Product) -> None:
    fire(product, "Press one")
    incident = the_incident(product, "Press one")
    product.sandbox.expect("voice", to=CTO, containing="Press one")

    assert "Press one" in product.sandbox.press(CTO, "2")
    assert now(product, incident)["status"] == "triggered"
    heard = product.sandbox.press(CTO, "1")

    assert heard == f"#{incident['number']} 확인했어요: Press one"
    event = answered(product, incident)
    assert (event["actor"], event["data"]["how"]) == ("정유진", "key")


def test_the_button_in_slack_answers_the_page_and_the_message_says_who(product: Product) -> None:
    fire(product, "Press the button")
    incident = the_incident(product, "Press the button")
    product.sandbox.expect("slack", to=CTO_IN_SLACK, containing="Press the button")

    product.sandbox.press_button(CTO_IN_SLACK, "acknowledge")

    event = answered(product, incident)
    assert (event["actor"], event["data"]["how"]) == ("정유진", "button")
    assert until(lambda: "정유진 님이" in in_slack(product, "Press the button"), within=10)
    assert "acknowledge" not in in_slack(product, "Press the button")


def in_slack(product: Product, title: str) -> str:
    [message] = product.sandbox.inbox(channel="slack", to=CTO_IN_SLACK, containing=title)
    return str(message["details"]["message"]["blocks"])


def test_an_incident_is_declared_listed_and_answered_by_command(product: Product) -> None:
    product.sandbox.command(CTO_IN_SLACK, "선언 P1 명령으로 연 장애")
    incident = the_incident(product, "명령으로 연 장애")
    product.sandbox.expect("sms", containing="명령으로 연 장애")

    assert f"#{incident['number']}> 명령으로 연 장애" in product.sandbox.command(CTO_IN_SLACK, "")
    heard = product.sandbox.command("U0000007", f"ack {incident['number']}")

    assert heard == f"#{incident['number']} 확인했어요: 명령으로 연 장애"
    assert now(product, incident)["acknowledged_by"] == "윤서아"


def test_a_text_that_never_arrives_is_said_while_the_other_ways_go_on(product: Product) -> None:
    product.sandbox.misbehave("sms", mode="lose", match=CTO)
    fire(product, "Lost on the way")
    incident = the_incident(product, "Lost on the way")

    assert until(lambda: lost(product, incident), within=20)

    [failure] = lost(product, incident)
    assert (failure["name"], failure["error"]) == ("정유진", "undelivered 30003")
    product.sandbox.expect("email", to="cto@", containing="Lost on the way")
    product.sandbox.calm()
    question = "SELECT bool_and(delivered_at IS NOT NULL) FROM notifications_delivery WHERE topic = %s AND channel = 'sms' AND state = 'sent'"
    assert until(
        lambda: product.sql(question, f"incident:{incident['number']}") == [(True,)], within=10
    )


def lost(product: Product, incident: Json) -> list[Json]:
    events = timeline(product, incident)
    return [each["data"] for each in events if each["kind"] == "page_failed"]
