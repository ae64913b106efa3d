"""What a page says: everything somebody needs at night, in their own language, by every channel."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from core import clock
from incidents import services
from notifications import speech
from notifications.models import Delivery, Lane
from notifications.outbox import send_one
from notifications.registry import channels
from notifications.rendering import render
from teams.models import Service, Team, User
from tests.notifications.conftest import FACTS

pytestmark = pytest.mark.django_db

TITLE = "출금 대기열 정체 <300건> & 'more'"
LINK = re.compile(r"http://\S+/p/[A-Za-z0-9_.-]+/")


@pytest.fixture
def paged(seeded, sandbox):
    """A P1 that nobody answered: its Korean and English people were paged by every channel."""
    began = clock.now() - timedelta(minutes=31)
    Team.objects.filter(slug="p0").update(webhook_url=f"{sandbox.url}/webhook/p0")
    incident = services.declare(
        TITLE, severity="P1", by=User.objects.get(username="commander"), at=began,
        services=Service.objects.filter(slug__in=["withdrawals", "wallet"]),
    )  # fmt: skip
    services.escalate_due(at=clock.now() - timedelta(seconds=1))
    Delivery.objects.filter(step="0").delete()
    while any(send_one(channel, [Lane.PAGE]) for channel in channels):
        pass
    return incident


def received(sandbox, channel, username):
    address = User.objects.get(username=username).contacts.get(channel=channel).address
    (message,) = sandbox.inbox(channel=channel, to=address)
    return message


def said(message):
    """All the words of it; Slack's are in blocks."""
    words = [message["subject"], message["text"], message["html"]]
    return "\n".join([*words, str(message["details"].get("message", ""))])


@pytest.mark.parametrize("channel", ["email", "slack", "sms", "voice"])
@pytest.mark.parametrize(
    ("username", "services_", "others"),
    [("dev1", "출금", "Daniel Reyes"), ("dev2", "Withdrawals", "윤서아")],
)
def test_a_page_says_severity_title_service_and_who_else(
    paged, sandbox, channel, username, services_, others
):
    words = said(received(sandbox, channel, username))

    assert "P0" in words
    assert "출금 대기열 정체" in words
    assert services_ in words
    assert str(paged.number) in words
    assert others in words or re.search(r"\+7|7명", words)  # an SMS only counts the others


@pytest.mark.parametrize("channel", ["email", "slack", "sms", "voice"])
def test_a_page_says_since_when_in_the_readers_time(paged, sandbox, channel):
    since = (paged.detected_at + timedelta(hours=9)).strftime("%H:%M")

    assert since in said(received(sandbox, channel, "dev1"))


@pytest.mark.parametrize(
    ("username", "word", "foreign"), [("dev1", "서비스", "Service:"), ("dev2", "Service", "서비스")]
)
def test_a_page_is_in_the_recipients_language(paged, sandbox, username, word, foreign):
    words = said(received(sandbox, "email", username))

    assert word in words
    assert foreign not in words


@pytest.mark.parametrize("channel", ["email", "slack", "sms"])
def test_a_page_carries_a_link_of_its_own(paged, sandbox, channel):
    links = {
        LINK.search(said(received(sandbox, channel, name)))[0] for name in ("dev1", "dev2", "cto")
    }

    assert len(links) == 3


def test_a_machine_gets_the_facts_signed(paged, sandbox):
    (hook,) = sandbox.inbox(channel="webhook")

    assert hook["details"]["signature"] == "valid"
    for fact in ('"severity": "P0"', f'"number": {paged.number}', '"url": "http', '"withdrawals"'):
        assert fact in hook["text"]


def test_a_mail_says_that_a_machine_wrote_it_and_shows_markup_as_text(paged, sandbox):
    mail = received(sandbox, "email", "dev1")

    assert mail["headers"]["Auto-Submitted"] == "auto-generated"
    assert TITLE in mail["subject"]
    assert "&lt;300건&gt;" in mail["html"]
    assert "<300건>" not in mail["html"]


def message(in_language="ko", **facts):
    at = clock.now()
    return render(
        Delivery(
            recipient_name="김하늘", language=in_language, channel="sms", template="page",
            context=FACTS | facts, created_at=at,
        )
    )  # fmt: skip


@pytest.mark.parametrize("title", ["x" * 5000, "가" * 5000])
def test_a_long_title_is_cut_where_room_is_short(title):
    assert len(message(title=title).short) < 320


def test_a_title_cannot_call_everyone_in_slack(queued, sandbox):
    queued("slack", context=FACTS | {"title": "<!channel> <@U1> down"})
    send_one("slack", [Lane.PAGE])

    (posted,) = sandbox.inbox(channel="slack")
    assert "<!channel>" not in str(posted)
    assert "&lt;!channel&gt;" in posted["text"]


def buttons_of(posted):
    blocks = posted["details"]["message"]["blocks"]
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [each for row in rows for each in row]


def test_a_page_in_slack_has_a_button_that_knows_which_page_it_is(queued, sandbox):
    page = queued("slack")
    send_one("slack", [Lane.PAGE])

    act, cannot, look = buttons_of(*sandbox.inbox(channel="slack"))
    assert (act["action_id"], act["value"]) == ("acknowledge", str(page.pk))
    assert (cannot["action_id"], cannot["value"]) == ("decline", str(page.pk))
    assert look["url"].startswith("http")


def test_a_notice_about_what_is_answered_has_no_button_to_answer(queued, sandbox):
    queued("slack", context=FACTS | {"status": "acknowledged"})
    send_one("slack", [Lane.PAGE])

    assert [each["action_id"] for each in buttons_of(*sandbox.inbox(channel="slack"))] == ["open"]


def test_a_page_that_was_answered_says_who_instead_of_asking(queued, sandbox):
    reply = {"replace_original": True}
    way_back = f"{sandbox.url}/slack/services/T0/B0/x"
    queued(
        "slack", address=way_back, context=FACTS | {"answered": "확인: 김하늘 <b>", "reply": reply}
    )
    send_one("slack", [Lane.PAGE])

    (posted,) = sandbox.inbox(channel="slack")
    assert buttons_of(posted) == []
    assert "확인: 김하늘 &lt;b&gt;" in str(posted["details"]["message"]["blocks"][-1])


def test_words_for_one_person_are_words_only(queued, sandbox):
    way_back = f"{sandbox.url}/slack/services/T0/B0/x"
    queued("slack", address=way_back, template="said", context={"said": "누구세요?"})
    send_one("slack", [Lane.PAGE])

    (posted,) = sandbox.inbox(channel="slack")
    assert posted["text"] == "누구세요?"
    assert buttons_of(posted) == []


def test_a_title_cannot_add_a_header(queued, sandbox):
    queued("email", context=FACTS | {"title": "t\r\nBcc: everyone@example.com"})
    send_one("email", [Lane.PAGE])

    (mail,) = sandbox.inbox(channel="email")
    assert "Bcc" not in mail["headers"]
    assert mail["to"] == "kim@example.com"


@pytest.mark.parametrize(
    "title", ["{{ 7|add:7 }}", "{% load x %}", "%(number)s", "</Say><Hangup/>"]
)
def test_a_title_is_words_and_never_a_template(title):
    assert title in message(title=title).text


@pytest.mark.parametrize("title", ["</Say><Hangup/>", "\x1b[31mred\x1b[0m", "a\x00b\x08", "\ufffe"])
def test_a_call_can_always_be_spoken(title):
    response = ElementTree.fromstring(speech.page(message(title=title)))

    assert [part.tag for part in response] == ["Gather", "Say"]
    assert [part.tag for part in response[0]] == ["Say", "Say", "Pause", "Say", "Say"]


@pytest.mark.parametrize("title", ["&" * 1000, "가" * 1000])
def test_a_call_is_never_longer_than_twilio_takes(title):
    crowd = [f"아무개 & {number}" for number in range(100)]

    assert len(speech.page(message(title=title, others=crowd))) < 4000


@pytest.mark.parametrize(("language", "voice"), [("ko", "ko-KR"), ("en", "en-US")])
def test_a_call_is_spoken_in_the_recipients_language(language, voice):
    response = ElementTree.fromstring(speech.page(message(in_language=language)))

    assert {say.get("language") for say in response.iter("Say")} == {voice}


def test_a_call_says_which_key_acknowledges_and_where_else_to_answer():
    response = ElementTree.fromstring(speech.page(message()))

    assert "봉수" in response[0][0].text
    assert (
        response[0][1].text
        == "확인하려면 1번, 다시 들으려면 2번, 대응할 수 없으면 3번을 눌러 주세요."
    )
    assert "포털" in response[1].text


def test_a_page_without_a_service_or_others_reads_well():
    localised = {"ko": {"services": "", "severity_name": "치명적", "reason": ""}}
    page = message(others=[], services=[], localised=localised)

    for words in (page.text, page.short, page.spoken):
        assert "None" not in words
        assert ": ." not in words
