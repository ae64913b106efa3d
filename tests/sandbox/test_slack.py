import json
from typing import Any

import httpx2
import pytest
from slack_sdk import WebClient

from tests.sandbox.conftest import Sandbox

METADATA = {"event_type": "bongsu_delivery", "event_payload": {"key": "dlv-1"}}
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*출금 중단*"}}]


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    return WebClient(token="xoxb-test", base_url=f"{sandbox.url}/slack/api/")


def test_slacks_own_client_can_post_and_read_back(sandbox: Sandbox, client: WebClient) -> None:
    posted = client.chat_postMessage(
        channel="#incidents", text="출금 중단", blocks=BLOCKS, metadata=METADATA
    )
    channel: Any = posted["channel"]

    history = client.conversations_history(channel=channel, include_all_metadata=True)

    [message] = history["messages"]
    assert channel.startswith("C")
    assert (message["ts"], message["blocks"]) == (posted["ts"], BLOCKS)
    assert message["metadata"] == METADATA
    [seen] = sandbox.inbox()
    assert (seen["to"], seen["text"], seen["key"]) == ("#incidents", "출금 중단", "dlv-1")


def test_history_is_newest_first_and_starts_after_oldest(client: WebClient) -> None:
    sent: list[Any] = [
        client.chat_postMessage(channel="C0OPS", text=each)["ts"] for each in ("1", "2", "3")
    ]

    after_first = client.conversations_history(channel="C0OPS", oldest=sent[0])
    newest = client.conversations_history(channel="C0OPS", limit=1)

    assert [each["ts"] for each in after_first["messages"]] == [sent[2], sent[1]]
    assert [each["ts"] for each in newest["messages"]] == [sent[2]]
    assert newest["has_more"] is True


def test_metadata_is_told_only_to_who_asks(sandbox: Sandbox) -> None:
    sandbox.slack("chat.postMessage", channel="C0OPS", text="hi", metadata=METADATA)

    [message] = sandbox.slack("conversations.history", channel="C0OPS").json()["messages"]

    assert "metadata" not in message


def test_a_reply_is_found_in_its_thread_and_not_in_the_channel(client: WebClient) -> None:
    parent: Any = client.chat_postMessage(channel="C0OPS", text="P0")["ts"]
    client.chat_postMessage(channel="C0OPS", text="확인했어요", thread_ts=parent)

    history = client.conversations_history(channel="C0OPS")
    replies = client.conversations_replies(channel="C0OPS", ts=parent)

    assert [each["text"] for each in history["messages"]] == ["P0"]
    assert {each["text"] for each in replies["messages"]} == {"P0", "확인했어요"}


def test_a_direct_conversation_is_the_same_by_user_and_by_id(client: WebClient) -> None:
    opened: Any = client.conversations_open(users="U0KIM")["channel"]

    posted = client.chat_postMessage(channel="U0KIM", text="호출")

    assert opened["id"].startswith("D")
    assert posted["channel"] == opened["id"]


def test_who_has_no_token_is_not_authed(sandbox: Sandbox) -> None:
    answer = sandbox.http.post("/slack/api/chat.postMessage", json={"channel": "C1", "text": "x"})

    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": "not_authed"})


def test_a_form_is_as_good_as_json(sandbox: Sandbox) -> None:
    fields = {"token": "xoxb-1", "channel": "C0OPS", "text": "hi", "metadata": json.dumps(METADATA)}

    answer = sandbox.http.post("/slack/api/chat.postMessage", data=fields)

    assert answer.json()["ok"] is True
    assert [seen["key"] for seen in sandbox.inbox()] == ["dlv-1"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"channel": "missing-ops", "text": "x"}, "channel_not_found"),
        ({"channel": "#missing", "text": "x"}, "channel_not_found"),
        ({"text": "x"}, "channel_not_found"),
        ({"channel": "C0OPS"}, "no_text"),
    ],
)
def test_a_bad_post_gets_slacks_word_for_it(
    sandbox: Sandbox, fields: dict[str, str], error: str
) -> None:
    answer = sandbox.slack("chat.postMessage", **fields)

    assert answer.json() == {"ok": False, "error": error}
    assert sandbox.inbox() == []


@pytest.mark.parametrize(
    ("mode", "status", "error"),
    [
        ("fail", 500, "internal_error"),
        ("reject", 200, "channel_not_found"),
        ("ratelimit", 429, "ratelimited"),
    ],
)
def test_a_fault_is_said_in_slacks_words(
    sandbox: Sandbox, mode: str, status: int, error: str
) -> None:
    sandbox.break_("slack", mode, retry_after=7)

    answer = sandbox.slack("chat.postMessage", channel="C0OPS", text="x")

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers.get("retry-after") == ("7" if mode == "ratelimit" else None)
    assert [seen["reason"] for seen in sandbox.refused()] == [mode]


def test_a_lost_reply_can_be_reconciled_from_history(sandbox: Sandbox) -> None:
    sandbox.break_("slack", "drop")

    with pytest.raises(httpx2.RemoteProtocolError):
        sandbox.slack("chat.postMessage", channel="C0OPS", text="x", metadata=METADATA)

    history = sandbox.slack("conversations.history", channel="C0OPS", include_all_metadata=True)
    assert [each["metadata"] for each in history.json()["messages"]] == [METADATA]


def test_an_outage_of_reads_takes_the_history_too(sandbox: Sandbox) -> None:
    sandbox.break_("slack", "fail", reads=True)

    assert sandbox.slack("conversations.history", channel="C0OPS").status_code == 500


def test_garbage_is_a_page_instead_of_json(sandbox: Sandbox) -> None:
    sandbox.break_("slack", "garbage")

    answer = sandbox.slack("chat.postMessage", channel="C0OPS", text="x")

    assert (answer.status_code, answer.headers["content-type"][:9]) == (200, "text/html")
    assert sandbox.inbox() == []


def test_an_incoming_webhook_says_ok(sandbox: Sandbox) -> None:
    answer = sandbox.http.post("/slack/services/T000/B000/XXXX", json={"text": "배포 완료"})

    assert (answer.status_code, answer.text) == (200, "ok")
    assert answer.headers["content-type"].startswith("text/plain")
    [seen] = sandbox.inbox(channel="slack")
    assert (seen["to"], seen["text"]) == ("T000/B000/XXXX", "배포 완료")


def test_an_incoming_webhook_with_bad_json_is_an_invalid_payload(sandbox: Sandbox) -> None:
    answer = sandbox.http.post("/slack/services/T000/B000/XXXX", content=b"{")

    assert (answer.status_code, answer.text) == (400, "invalid_payload")


def test_the_incoming_webhook_breaks_apart_from_the_api(sandbox: Sandbox) -> None:
    sandbox.break_("slack_webhook", "fail")

    hook = sandbox.http.post("/slack/services/T000/B000/XXXX", json={"text": "x"})

    assert hook.status_code == 500
    assert sandbox.slack("chat.postMessage", channel="C0OPS", text="x").json()["ok"] is True


def test_a_message_is_rewritten_where_it_stands(sandbox: Sandbox, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="U0KIM", text="호출", blocks=BLOCKS)
    place: Any = {"channel": posted["channel"], "ts": posted["ts"]}

    client.chat_update(**place, text="응답했어요", blocks=[])

    [seen] = sandbox.inbox()
    assert (seen["text"], seen["edits"]) == ("응답했어요", 1)
    wrong = sandbox.slack("chat.update", **place | {"ts": "1.2"}, text="x").json()
    assert wrong["error"] == "message_not_found"
