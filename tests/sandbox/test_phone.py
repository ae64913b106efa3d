"""A person's phone: what they write back leaves the sandbox signed, as Twilio would send it."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import httpx2
import pytest

from tests.listener import Listener, listeners
from tests.sandbox.conftest import Sandbox

FROM, TO = "+15005550006", "+821012345678"
SAID = "<Response><Message>#12 확인했어요: 출금 &amp; 입금</Message></Response>"


@pytest.fixture
def product() -> Iterator[Listener]:
    with listeners() as listen:
        yield listen(SAID)


@pytest.fixture
def phone(another_sandbox: Callable[..., Sandbox], product: Listener) -> Sandbox:
    sandbox = another_sandbox(BONGSU_URL=product.url)
    sandbox.twilio("Messages", To=TO, From=FROM, Body="P0 출금 중단")
    return sandbox


def reply(sandbox: Sandbox, **said: str) -> httpx2.Response:
    return sandbox.http.post("/reply", json={"recipient": TO, "text": "확인"} | said)


def test_a_reply_reaches_the_product_signed_as_twilio_signs(
    phone: Sandbox, product: Listener
) -> None:
    reply(phone)

    [call] = product.calls
    fields = dict(parse_qsl(call.body.decode()))
    assert call.path == "/hooks/twilio/sms/"
    assert (fields["From"], fields["To"], fields["Body"]) == (TO, FROM, "확인")
    said = product.url + call.path + "".join(name + fields[name] for name in sorted(fields))
    key = hmac.new(b"token", said.encode(), hashlib.sha1).digest()
    assert call.headers["x-twilio-signature"] == base64.b64encode(key).decode()


def test_the_answer_is_told_and_stands_on_the_card(phone: Sandbox) -> None:
    told = reply(phone).json()

    assert (told["status"], told["heard"]) == (200, "#12 확인했어요: 출금 & 입금")
    assert told["product"] == SAID
    assert phone.inbox()[0]["answers"] == [
        {"said": "확인", "status": 200, "heard": "#12 확인했어요: 출금 & 입금"}
    ]
    assert "#12 확인했어요: 출금 &amp; 입금" in phone.http.get("/").text


def test_each_message_has_an_id_of_its_own_unless_it_is_repeated(
    phone: Sandbox, product: Listener
) -> None:
    for sid in ("", "", "SM7"):
        reply(phone, sid=sid)

    first, second, third = (dict(parse_qsl(call.body.decode())) for call in product.calls)
    assert first["MessageSid"] != second["MessageSid"]
    assert third["MessageSid"] == "SM7"


def test_a_button_on_the_card_answers_and_leads_back_to_it(
    phone: Sandbox, product: Listener
) -> None:
    [seen] = phone.inbox()
    form = {"recipient": TO, "message": str(seen["id"]), "text": "확인"}

    answer = phone.http.post("/reply", data=form, headers={"Referer": f"{phone.url}/?lang=ko"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/?lang=ko#m{seen['id']}")
    assert len(product.calls) == 1


def test_somebody_who_was_never_paged_may_write_too(phone: Sandbox, product: Listener) -> None:
    assert reply(phone, recipient="+15550001111").status_code == 200
    assert dict(parse_qsl(product.calls[0].body.decode()))["To"] == FROM
    assert phone.inbox()[0]["answers"] == []


CALL = (
    '<Response><Gather numDigits="1" action="{url}/hooks/keys/a.b/"><Say>출금 중단.</Say>'
    "<Say>1번을 누르세요.</Say></Gather><Say>누르지 않으셨어요.</Say></Response>"
)
THANKS = "<Response><Say>#12 확인했어요 &amp; 끝</Say></Response>"


@pytest.fixture
def call(phone: Sandbox, product: Listener) -> Sandbox:
    phone.twilio("Calls", To=TO, From=FROM, Twiml=CALL.format(url=product.url))
    product.say(THANKS)
    return phone


def press(sandbox: Sandbox, key: str) -> httpx2.Response:
    return sandbox.http.post("/press", json={"recipient": TO, "key": key})


def test_a_key_goes_where_the_call_says_signed_as_twilio_signs(
    call: Sandbox, product: Listener
) -> None:
    told = press(call, "1").json()

    assert told["heard"] == "#12 확인했어요 & 끝"
    [heard] = product.calls
    fields = dict(parse_qsl(heard.body.decode()))
    assert heard.path == "/hooks/keys/a.b/"
    assert (fields["Digits"], fields["To"], fields["From"]) == ("1", TO, FROM)
    assert fields["CallSid"] == call.inbox(channel="voice")[0]["details"]["sid"]
    said = product.url + heard.path + "".join(name + fields[name] for name in sorted(fields))
    key = hmac.new(b"token", said.encode(), hashlib.sha1).digest()
    assert heard.headers["x-twilio-signature"] == base64.b64encode(key).decode()


def test_a_call_that_asks_for_no_further_key_is_over(call: Sandbox) -> None:
    press(call, "1")

    assert press(call, "1").status_code == 409
    assert 'action="/press"' not in call.http.get("/").text


def test_the_call_that_asks_for_a_key_is_meant(call: Sandbox) -> None:
    call.twilio("Calls", To=TO, From=FROM, Twiml=THANKS)

    assert press(call, "1").json()["heard"] == "#12 확인했어요 & 끝"


def test_a_call_that_asks_again_takes_another_key(call: Sandbox, product: Listener) -> None:
    product.say(CALL.format(url=product.url))

    assert press(call, "2").json()["heard"] == "출금 중단. 1번을 누르세요."
    product.say(THANKS)
    assert press(call, "1").json()["heard"] == "#12 확인했어요 & 끝"


def test_who_presses_nothing_hears_what_follows_and_the_product_hears_nothing(
    call: Sandbox, product: Listener
) -> None:
    assert press(call, "").json()["heard"] == "누르지 않으셨어요."
    assert product.calls == []
    assert press(call, "1").status_code == 409


@pytest.mark.parametrize(("key", "status"), [("12", 400), ("x", 400)])
def test_only_one_key_at_a_time(call: Sandbox, key: str, status: int) -> None:
    assert press(call, key).status_code == status


def test_who_was_not_called_cannot_press(sandbox: Sandbox) -> None:
    assert press(sandbox, "1").status_code == 404


def test_an_answer_that_is_no_script_ends_the_call(call: Sandbox, product: Listener) -> None:
    product.say("not here", status=403)

    assert press(call, "1").json()["status"] == 403
    assert press(call, "1").status_code == 409


def statuses(product: Listener, count: int) -> list[str]:
    """What the product was told of its message, once so much has arrived."""
    deadline = time.monotonic() + 5
    while len(product.calls) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)  # nothing more may come
    fields = [dict(parse_qsl(call.body.decode())) for call in product.calls]
    return [each.get("MessageStatus") or each.get("CallStatus", "") for each in fields]


def test_a_text_is_reported_in_order_where_an_address_was_given(
    phone: Sandbox, product: Listener
) -> None:
    where = f"{product.url}/status/1/"
    made = phone.twilio("Messages", To=TO, From=FROM, Body="x", StatusCallback=where).json()

    assert statuses(product, 2) == ["sent", "delivered"]
    call = product.calls[0]
    fields = dict(parse_qsl(call.body.decode()))
    assert (call.path, fields["MessageSid"]) == ("/status/1/", made["sid"])
    said = where + "".join(name + fields[name] for name in sorted(fields))
    key = hmac.new(b"token", said.encode(), hashlib.sha1).digest()
    assert call.headers["x-twilio-signature"] == base64.b64encode(key).decode()


def test_a_call_is_completed_when_somebody_has_listened(call: Sandbox, product: Listener) -> None:
    where = f"{product.url}/status/1/"
    phone = call.twilio(
        "Calls", To=TO, From=FROM, Twiml=CALL.format(url=product.url), StatusCallback=where
    )
    assert phone.status_code == 201
    assert statuses(product, 0) == []

    press(call, "")

    assert statuses(product, 1) == ["completed"]


@pytest.mark.parametrize(
    ("resource", "switch", "told"),
    [("Messages", "sms", ["sent", "undelivered"]), ("Calls", "voice", ["no-answer"])],
)
def test_what_is_lost_is_taken_and_reported_as_lost(
    phone: Sandbox, product: Listener, resource: str, switch: str, told: list[str]
) -> None:
    phone.break_(switch, "lose")
    fields = {"To": TO, "From": FROM, "Body": "x", "Twiml": THANKS}

    answer = phone.twilio(resource, **fields, StatusCallback=f"{product.url}/status/1/")

    assert answer.status_code == 201
    assert statuses(product, len(told)) == told
    assert len(phone.inbox()) == 1
    assert phone.refused()[-1]["reason"] == "lose"


def test_a_refusal_is_shown_as_one(phone: Sandbox, product: Listener) -> None:
    product.say("", status=403)

    assert reply(phone).json()["status"] == 403
    assert "HTTP 403" in phone.http.get("/").text


def test_a_product_that_is_away_is_said(another_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = another_sandbox(BONGSU_URL="http://127.0.0.1:9")
    sandbox.twilio("Messages", To=TO, From=FROM, Body="P0")

    assert reply(sandbox).status_code == 502
    assert "The product did not answer" in sandbox.http.get("/").text


def test_what_is_no_object_is_refused(sandbox: Sandbox) -> None:
    headers = {"Content-Type": "application/json"}

    assert sandbox.http.post("/reply", content=b"[", headers=headers).status_code == 400


def test_what_never_arrived_cannot_be_answered(sandbox: Sandbox) -> None:
    sandbox.break_("sms", "fail")
    sandbox.twilio("Messages", To=TO, From=FROM, Body="P0")

    assert 'action="/reply"' not in sandbox.http.get("/?channel=refused").text
