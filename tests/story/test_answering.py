"""Answering a page from where one is, with nothing in between but the wire."""

import pytest

from tests.running import Product
from tests.story.telling import now, post, the_incident, timeline

pytestmark = [pytest.mark.story, pytest.mark.enable_socket, pytest.mark.timeout(420)]

CTO = "+821000000002"


def fire(product: Product, title: str) -> None:
    door = product.integration("generic", name=title)
    post(door, {"title": title, "severity": "critical", "service": "withdrawals"})


def test_a_reply_by_text_message_answers_the_page(product: Product) -> None:
    fire(product, "Reply to me")
    incident = the_incident(product, "Reply to me")
    product.sandbox.expect("sms", to=CTO, containing="Reply to me")

    heard = product.sandbox.reply(CTO, f"확인 {incident['number']}")

    assert heard == f"#{incident['number']} 확인했어요: Reply to me"
    fresh = now(product, incident)
    assert (fresh["status"], fresh["acknowledged_by"]) == ("acknowledged", "정유진")
    event = timeline(product, incident)[-1]
    assert (event["kind"], event["data"]["via"]) == ("status", "sms")


def test_a_key_on_the_call_answers_the_page(product: Product) -> None:
    fire(product, "Press one")
    incident = the_incident(product, "Press one")
    product.sandbox.expect("voice", to=CTO, containing="Press one")

    assert "Press one" in product.sandbox.press(CTO, "2")
    assert now(product, incident)["status"] == "triggered"
    heard = product.sandbox.press(CTO, "1")

    assert heard == f"#{incident['number']} 확인했어요: Press one"
    event = timeline(product, incident)[-1]
    assert (event["actor"], event["data"]["how"]) == ("정유진", "key")
