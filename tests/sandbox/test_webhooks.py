import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable

import httpx2
import pytest

from tests.sandbox.conftest import Sandbox

SECRET = b"bongsu-sandbox-webhook-secret-32"
BODY = json.dumps({"type": "incident.triggered", "data": {"title": "출금 중단"}}).encode()


def test_a_signed_webhook_is_received_and_found_valid(sandbox: Sandbox) -> None:
    answer = sandbox.http.post("/webhook/partner", content=BODY, headers=signed("msg_1"))

    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    [seen] = sandbox.inbox()
    assert (seen["channel"], seen["to"], seen["key"]) == ("webhook", "partner", "msg_1")
    assert (seen["subject"], seen["text"]) == ("incident.triggered", BODY.decode())
    assert seen["headers"]["webhook-id"] == "msg_1"
    assert seen["details"]["signature"] == "valid"


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, "absent"),
        ({"webhook-signature": "v1,bm90IGl0"}, "invalid"),
        ({"webhook-signature": "v1,bm90IGl0 {good}"}, "valid"),
        ({"webhook-timestamp": "1600000000"}, "invalid"),
    ],
)
def test_a_signature_is_judged(sandbox: Sandbox, headers: dict[str, str], verdict: str) -> None:
    given = signed("msg_1")
    good = given.pop("webhook-signature") if not headers else given["webhook-signature"]
    given |= {name: value.format(good=good) for name, value in headers.items()}

    sandbox.http.post("/webhook/partner", content=BODY, headers=given)

    assert [seen["details"]["signature"] for seen in sandbox.inbox()] == [verdict]


def test_the_secret_comes_from_the_environment(another_sandbox: Callable[..., Sandbox]) -> None:
    secret = b"another secret of the receiver"
    sandbox = another_sandbox(SANDBOX_WEBHOOK_SECRET="whsec_" + b64encode(secret).decode())

    sandbox.http.post("/webhook/a", content=BODY, headers=signed("msg_1", secret=secret))
    sandbox.http.post("/webhook/b", content=BODY, headers=signed("msg_1"))

    verdicts = [seen["details"]["signature"] for seen in sandbox.inbox()]
    assert verdicts == ["valid", "invalid"]


def test_a_repeated_id_is_acknowledged_and_marked(sandbox: Sandbox) -> None:
    sandbox.http.post("/webhook/partner", content=BODY, headers=signed("msg_1"))

    again = sandbox.http.post("/webhook/partner", content=BODY, headers=signed("msg_1"))

    assert (again.status_code, again.json()) == (200, {"ok": True, "duplicate": True})
    assert [seen["duplicate"] for seen in sandbox.inbox()] == [False, True]


def test_the_same_id_at_another_receiver_is_no_repeat(sandbox: Sandbox) -> None:
    for name in ("a", "b"):
        sandbox.http.post(f"/webhook/{name}", content=BODY, headers=signed("msg_1"))

    assert [seen["duplicate"] for seen in sandbox.inbox()] == [False, False]


def test_any_method_and_any_body_will_do(sandbox: Sandbox) -> None:
    sandbox.http.put("/webhook/a/b", content=b"\xff not json")

    [seen] = sandbox.inbox()
    assert (seen["to"], seen["details"]["method"]) == ("a/b", "PUT")


@pytest.mark.parametrize(("mode", "status"), [("fail", 500), ("reject", 410), ("ratelimit", 429)])
def test_a_fault_is_said_by_status(sandbox: Sandbox, mode: str, status: int) -> None:
    sandbox.break_("webhook", mode, retry_after=11)

    answer = sandbox.http.post("/webhook/partner", content=BODY)

    assert answer.status_code == status
    assert answer.headers.get("retry-after") == ("11" if mode == "ratelimit" else None)
    assert [seen["reason"] for seen in sandbox.refused()] == [mode]


def test_a_retry_after_a_lost_reply_is_seen_as_a_repeat(sandbox: Sandbox) -> None:
    sandbox.break_("webhook", "drop", count=1)

    with pytest.raises(httpx2.RemoteProtocolError):
        sandbox.http.post("/webhook/partner", content=BODY, headers=signed("msg_1"))
    again = sandbox.http.post("/webhook/partner", content=BODY, headers=signed("msg_1"))

    assert again.json() == {"ok": True, "duplicate": True}


def test_a_retry_after_a_refusal_is_no_repeat(sandbox: Sandbox) -> None:
    sandbox.break_("webhook", "fail", count=1)

    sandbox.http.post("/webhook/partner", content=BODY, headers=signed("msg_1"))
    again = sandbox.http.post("/webhook/partner", content=BODY, headers=signed("msg_1"))

    assert again.json() == {"ok": True}


def signed(message_id: str, *, secret: bytes = SECRET) -> dict[str, str]:
    timestamp = str(int(time.time()))
    content = f"{message_id}.{timestamp}.".encode() + BODY
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + b64encode(hmac.digest(secret, content, "sha256")).decode(),
    }
