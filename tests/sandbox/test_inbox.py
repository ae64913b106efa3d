import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.inbox import REMEMBERED_KEYS, SIZE, Inbox, Query, Receipt
from tests.sandbox.conftest import Sandbox


def test_receipts_come_newest_last_with_the_time_in_utc(sandbox: Sandbox) -> None:
    for name in ("a", "b"):
        sandbox.http.post(f"/webhook/{name}")

    first, second = sandbox.inbox()

    at = datetime.fromisoformat(second["at"])
    assert (first["to"], second["to"]) == ("a", "b")
    assert first["id"] < second["id"]
    assert at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - at) < timedelta(seconds=10)


def test_filters_narrow_the_list(sandbox: Sandbox) -> None:
    sandbox.http.post("/webhook/partner")
    sandbox.slack("chat.postMessage", channel="#ops", text="1")
    sandbox.slack("chat.postMessage", channel="#partner", text="2")
    first = sandbox.inbox()[0]

    assert len(sandbox.inbox(channel="slack")) == 2
    assert len(sandbox.inbox(to="PARTNER")) == 2
    assert [seen["text"] for seen in sandbox.inbox(since=first["id"])] == ["1", "2"]
    assert [seen["text"] for seen in sandbox.inbox(limit=1)] == ["2"]


def test_a_plus_sign_nobody_escaped_is_understood(sandbox: Sandbox) -> None:
    sandbox.twilio("Messages", To="+821012345678", From="+15005550006", Body="x")

    assert len(sandbox.http.get("/inbox.json?to=+821012345678").json()) == 1


def test_a_number_that_is_none_is_refused_with_a_reason(sandbox: Sandbox) -> None:
    answer = sandbox.http.get("/inbox.json?limit=many")

    assert (answer.status_code, answer.text) == (
        400,
        "limit must be a whole number, not 'many'",
    )


def test_an_emptied_inbox_forgets_keys_but_goes_on_counting(sandbox: Sandbox) -> None:
    sandbox.http.post("/webhook/a", headers={"webhook-id": "msg_1"})
    last = sandbox.inbox()[0]["id"]

    sandbox.http.delete("/inbox.json")
    sandbox.http.post("/webhook/a", headers={"webhook-id": "msg_1"})

    [seen] = sandbox.inbox(since=last)
    assert seen["duplicate"] is False


def test_waiting_returns_what_is_already_there(sandbox: Sandbox) -> None:
    sandbox.slack("chat.postMessage", channel="#ops", text="출금 중단")

    answer = sandbox.http.get("/inbox/wait?channel=slack&to=ops&containing=중단")

    assert answer.json()["text"] == "출금 중단"


def test_waiting_returns_when_the_message_arrives(sandbox: Sandbox) -> None:
    send = threading.Timer(
        0.3, sandbox.slack, ("chat.postMessage",), {"channel": "C1", "text": "x"}
    )
    send.start()
    before = time.monotonic()

    answer = sandbox.http.get("/inbox/wait?channel=slack&timeout=5")

    assert answer.json()["to"] == "C1"
    assert 0.2 < time.monotonic() - before < 4
    send.join()


def test_waiting_in_vain_ends_with_408(sandbox: Sandbox) -> None:
    answer = sandbox.http.get("/inbox/wait?containing=nothing&timeout=1")

    assert (answer.status_code, answer.json()["error"]) == (408, "nothing matched within 1 s")


def test_the_oldest_receipts_make_room() -> None:
    inbox = Inbox()
    for number in range(SIZE + 5):
        inbox.record(Receipt(channel="webhook", to=str(number)))

    found = inbox.find(Query())

    assert (len(found), found[0].to, found[-1].to) == (SIZE, "5", str(SIZE + 4))


@pytest.fixture
def full_memory() -> Inbox:
    inbox = Inbox()
    for number in range(REMEMBERED_KEYS + 1):
        inbox.record(Receipt(channel="webhook", to="a", key=str(number)))
    return inbox


def test_only_the_oldest_key_is_forgotten(full_memory: Inbox) -> None:
    repeats = [Receipt(channel="webhook", to="a", key=key) for key in ("1", "0")]
    for each in repeats:
        full_memory.record(each)

    assert [each.duplicate for each in repeats] == [True, False]
