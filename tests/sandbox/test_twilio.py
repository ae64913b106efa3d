import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from tests.sandbox.conftest import Sandbox, twilio_path

FROM, TO = "+15005550006", "+821012345678"
TWIML = (
    '<Response><Gather numDigits="1"><Say language="ko-KR">P0 출금 중단.</Say>'
    "<Say>1번을 누르세요 &amp; 기다리세요.</Say></Gather></Response>"
)


def test_a_text_message_is_queued_and_received(sandbox: Sandbox) -> None:
    callback = "https://bongsu.example/hooks/1"

    answer = sandbox.twilio("Messages", To=TO, From=FROM, Body="출금 중단", StatusCallback=callback)

    created = answer.json()
    assert answer.status_code == 201
    assert re.fullmatch(r"SM[0-9a-f]{32}", created["sid"])
    assert (created["status"], created["to"], created["from"]) == ("queued", TO, FROM)
    assert parsedate_to_datetime(created["date_created"]).tzinfo is not None
    [seen] = sandbox.inbox()
    assert (seen["channel"], seen["to"], seen["text"]) == ("sms", TO, "출금 중단")
    assert seen["headers"]["StatusCallback"] == callback


def test_a_call_is_received_as_the_words_spoken(sandbox: Sandbox) -> None:
    answer = sandbox.twilio("Calls", To=TO, From=FROM, Twiml=TWIML)

    [seen] = sandbox.inbox()
    assert re.fullmatch(r"CA[0-9a-f]{32}", answer.json()["sid"])
    assert seen["channel"] == "voice"
    assert seen["text"] == "P0 출금 중단. 1번을 누르세요 & 기다리세요."
    assert seen["details"]["twiml"] == TWIML


def test_who_does_not_authenticate_is_turned_away(sandbox: Sandbox) -> None:
    answer = sandbox.http.post(twilio_path("Messages"), data={"To": TO})

    assert answer.status_code == 401
    assert (answer.json()["code"], answer.json()["status"]) == (20003, 401)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": "010-1234-5678", "From": FROM, "Body": "x"}, 21211),
        ({"From": FROM, "Body": "x"}, 21211),
        ({"To": TO, "Body": "x"}, 21603),
        ({"To": TO, "From": FROM}, 21602),
    ],
)
def test_a_bad_message_gets_twilios_code(
    sandbox: Sandbox, fields: dict[str, str], code: int
) -> None:
    answer = sandbox.twilio("Messages", **fields)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert sandbox.inbox() == []


def test_messages_are_listed_newest_first_for_one_number(sandbox: Sandbox) -> None:
    for to, body in ((TO, "1"), ("+821099999999", "2"), (TO, "3")):
        sandbox.twilio("Messages", To=to, From=FROM, Body=body)

    listed = _list(sandbox, "Messages", To=TO)["messages"]

    assert [each["body"] for each in listed] == ["3", "1"]


def test_a_list_can_start_at_a_moment(sandbox: Sandbox) -> None:
    sandbox.twilio("Calls", To=TO, From=FROM, Twiml=TWIML)
    soon = datetime.now(UTC) + timedelta(minutes=1)

    today = _list(sandbox, "Calls", **{"StartTime>": soon.date().isoformat()})["calls"]
    later = _list(sandbox, "Calls", **{"DateSent>": soon.isoformat()})["calls"]

    assert len(today) == (1 if soon.date() == datetime.now(UTC).date() else 0)
    assert later == []


@pytest.mark.parametrize(
    ("mode", "status", "code"),
    [("fail", 503, 20503), ("reject", 400, 21211), ("ratelimit", 429, 20429)],
)
def test_a_fault_is_said_in_twilios_codes(
    sandbox: Sandbox, mode: str, status: int, code: int
) -> None:
    sandbox.break_("sms", mode, retry_after=9)

    answer = sandbox.twilio("Messages", To=TO, From=FROM, Body="x")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("retry-after") == ("9" if mode == "ratelimit" else None)
    assert sandbox.inbox() == []


def test_texts_may_break_while_calls_go_through(sandbox: Sandbox) -> None:
    sandbox.break_("sms", "fail")

    assert sandbox.twilio("Calls", To=TO, From=FROM, Twiml=TWIML).status_code == 201


def test_a_lost_reply_can_be_reconciled_from_the_list(sandbox: Sandbox) -> None:
    sandbox.break_("sms", "drop", count=1)

    with pytest.raises(httpx2.RemoteProtocolError):
        sandbox.twilio("Messages", To=TO, From=FROM, Body="x")

    assert [each["body"] for each in _list(sandbox, "Messages", To=TO)["messages"]] == ["x"]


def test_a_second_company_has_switches_and_lists_of_its_own(sandbox: Sandbox) -> None:
    sandbox.break_("sms", "fail")
    behind = twilio_path("Messages").replace("/twilio/", "/twilio-backup/").replace("AC1", "AC2")
    fields = {"To": TO, "From": FROM, "Body": "x"}

    answer = sandbox.http.post(behind, data=fields, auth=("AC2", "other"))

    assert (answer.status_code, sandbox.twilio("Messages", **fields).status_code) == (201, 503)
    [seen] = sandbox.inbox()
    assert (seen["channel"], seen["details"]["company"]) == ("sms", "second")
    assert _list(sandbox, "Messages", To=TO)["messages"] == []


def _list(sandbox: Sandbox, resource: str, **query: str) -> dict[str, list[dict[str, str]]]:
    answer = sandbox.http.get(twilio_path(resource), params=query, auth=("AC1", "token"))
    listed: dict[str, list[dict[str, str]]] = answer.raise_for_status().json()
    return listed
