"""People in Slack: what they press and type leaves the sandbox signed, as Slack would send it."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest

from tests.listener import Call, Listener, listeners
from tests.sandbox.conftest import Sandbox
from tests.server import servers

WHO = "U0000003"
BLOCKS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "P0 출금 중단"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "확인했어요"},
                "action_id": "acknowledge",
                "value": "page-1",
            },
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "열기"},
                "action_id": "open",
                "url": "http://a.example/",
            },
        ],
    },
]


@pytest.fixture
def product() -> Iterator[Listener]:
    with listeners() as listen:
        yield listen("")


@pytest.fixture
def workspace(another_sandbox: Callable[..., Sandbox], product: Listener) -> Sandbox:
    sandbox = another_sandbox(BONGSU_URL=product.url, SLACK_SIGNING_SECRET="key")
    sandbox.slack("chat.postMessage", channel=WHO, text="P0", blocks=BLOCKS)
    return sandbox


def press(sandbox: Sandbox, **said: str) -> httpx2.Response:
    given = {"recipient": WHO, "action": "acknowledge"} | said
    return sandbox.http.post("/slack/press", json=given)


def is_signed(call: Call) -> bool:
    stamp = call.headers["x-slack-request-timestamp"].encode()
    mac = hmac.new(b"key", b"v0:" + stamp + b":" + call.body, hashlib.sha256)
    return call.headers["x-slack-signature"] == f"v0={mac.hexdigest()}"


def payload(call: Call) -> Any:
    return json.loads(parse_qs(call.body.decode())["payload"][0])


def test_a_press_reaches_the_product_signed_as_slack_signs(
    workspace: Sandbox, product: Listener
) -> None:
    assert press(workspace).json()["status"] == 200

    [call] = product.calls
    said = payload(call)
    assert (call.path, is_signed(call)) == ("/hooks/slack/", True)
    assert (said["type"], said["user"]["id"]) == ("block_actions", WHO)
    [action] = said["actions"]
    assert (action["action_id"], action["value"]) == ("acknowledge", "page-1")


def answer(product: Listener, **said: object) -> httpx2.Response:
    """The product says what became of the last press."""
    return httpx2.post(payload(product.calls[-1])["response_url"], json=said)


def test_the_product_may_put_another_message_in_its_place(
    workspace: Sandbox, product: Listener
) -> None:
    press(workspace)
    done = [{"type": "section", "text": {"type": "mrkdwn", "text": "김하늘 님이 확인"}}]

    assert answer(product, replace_original=True, text="확인", blocks=done).status_code == 200

    [seen] = workspace.inbox()
    assert (seen["text"], seen["details"]["message"]["blocks"]) == ("확인", done)
    assert press(workspace).status_code == 404


def test_the_product_may_say_something_to_one_person(workspace: Sandbox, product: Listener) -> None:
    press(workspace)

    answer(product, response_type="ephemeral", replace_original=False, text="누구세요?")

    assert workspace.inbox()[0]["answers"][-1]["heard"] == "누구세요?"
    assert "누구세요?" in workspace.http.get("/").text


def test_a_way_back_that_nobody_gave_leads_nowhere(workspace: Sandbox) -> None:
    assert workspace.http.post("/slack/actions/x", json={"text": "x"}).status_code == 404


def test_a_button_that_opens_a_link_is_none_to_press(workspace: Sandbox) -> None:
    assert press(workspace, action="open").status_code == 404
    assert 'href="http://a.example/"' in workspace.http.get("/").text


def test_in_a_channel_the_page_asks_who_presses(workspace: Sandbox, product: Listener) -> None:
    workspace.slack("chat.postMessage", channel="C0OPS", text="P0", blocks=BLOCKS)

    assert press(workspace, recipient="C0OPS").status_code == 400
    assert press(workspace, recipient="C0OPS", user="U0000009").status_code == 200
    assert payload(product.calls[0])["user"]["id"] == "U0000009"
    assert 'name="user"' in workspace.http.get("/").text


def test_a_button_on_the_card_presses_and_leads_back_to_it(
    workspace: Sandbox, product: Listener
) -> None:
    [seen] = workspace.inbox()
    form = {"recipient": WHO, "message": str(seen["id"]), "action": "acknowledge"}

    done = workspace.http.post("/slack/press", data=form)

    assert (done.status_code, done.headers["location"]) == (303, f"/#m{seen['id']}")
    assert len(product.calls) == 1


def test_a_command_reaches_the_product_and_its_answer_is_a_message(
    workspace: Sandbox, product: Listener
) -> None:
    product.say(json.dumps({"response_type": "ephemeral", "text": "열린 장애가 없어요."}))

    told = workspace.http.post("/slack/command", json={"user": WHO, "text": "a & b"}).json()

    [call] = product.calls
    fields = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
    assert is_signed(call)
    assert (fields["command"], fields["user_id"], fields["text"]) == ("/bongsu", WHO, "a &amp; b")
    assert told["heard"] == "열린 장애가 없어요."
    card = workspace.inbox()[-1]
    assert (card["to"], card["subject"], card["text"]) == (
        WHO,
        "/bongsu a & b",
        "열린 장애가 없어요.",
    )


def test_a_product_that_takes_longer_than_slack_waits_is_said(
    another_sandbox: Callable[..., Sandbox],
) -> None:
    with servers() as start:
        slow = start(lambda visitor: time.sleep(5))
        sandbox = another_sandbox(BONGSU_URL=f"http://127.0.0.1:{slow.port}")

        answer = sandbox.http.post("/slack/command", json={"user": WHO})

    assert (answer.status_code, answer.json()["heard"]) == (502, "no answer within 3 s")


def test_only_a_person_types(workspace: Sandbox) -> None:
    answer = workspace.http.post("/slack/command", json={"user": "#ops", "text": ""})

    assert answer.status_code == 400


def test_commands_are_typed_on_the_tab_of_slack(workspace: Sandbox) -> None:
    assert 'action="/slack/command"' in workspace.http.get("/?channel=slack").text
    assert 'action="/slack/command"' not in workspace.http.get("/").text
