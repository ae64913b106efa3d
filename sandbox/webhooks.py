"""A webhook receiver that checks Standard Webhooks signatures and dedups on webhook-id."""

import hmac
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.answers import HttpParty
from sandbox.faults import Fault, Mode
from sandbox.inbox import Receipt
from sandbox.settings import CannotStart
from sandbox.world import World

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
# The specification leaves the number to the receiver; its reference libraries use five minutes.
TOLERANCE_SECONDS = 300


class Webhooks(HttpParty):
    switches: ClassVar = ("webhook",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._secret = secret_bytes(world.settings.webhook_secret)

    def routes(self) -> list[Route]:
        return [Route("/webhook/{name:path}", self.receive, methods=METHODS)]

    async def receive(self, request: Request) -> Response:
        receipt = self._receipt(request, await request.body())
        return await self.take(receipt, switch="webhook", answer=_thank)

    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        match fault.mode:
            case Mode.REJECT:
                return JSONResponse({"ok": False, "error": "gone"}, status_code=410)
            case Mode.RATELIMIT:
                wait = {"Retry-After": str(fault.retry_after)}
                return JSONResponse({"ok": False, "error": "too many"}, 429, headers=wait)
        return JSONResponse({"ok": False, "error": "internal error"}, status_code=500)

    def _receipt(self, request: Request, body: bytes) -> Receipt:
        headers = dict(request.headers)
        verdict, note = verify(self._secret, headers, body, now=time.time())
        return Receipt(
            channel="webhook",
            to=request.path_params["name"],
            subject=_event_type(body),
            text=body.decode("utf-8", "replace"),
            headers=headers,
            key=headers.get("webhook-id", ""),
            details={"method": request.method, "signature": verdict, "signature_note": note},
        )


def secret_bytes(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise CannotStart("SANDBOX_WEBHOOK_SECRET must be whsec_ followed by base64.") from None


def verify(
    secret: bytes, headers: Mapping[str, str], body: bytes, *, now: float
) -> tuple[str, str]:
    """Valid, invalid or absent by the Standard Webhooks specification 1.0, and why if invalid."""
    signatures = headers.get("webhook-signature", "")
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not signatures:
        return "absent", ""
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return "invalid", "webhook-timestamp is more than five minutes away, or no number"
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = "v1," + b64encode(hmac.digest(secret, signed, "sha256")).decode()
    # Several signatures stand side by side while a secret is being rotated.
    if any(hmac.compare_digest(each.encode(), expected.encode()) for each in signatures.split(" ")):
        return "valid", ""
    return "invalid", "no signature fits this secret and body"


def _event_type(body: bytes) -> str:
    try:
        content: Any = json.loads(body)
    except ValueError:
        return ""
    kind = content.get("type", "") if isinstance(content, dict) else ""
    return kind if isinstance(kind, str) else ""


def _thank(receipt: Receipt) -> Response:
    return JSONResponse({"ok": True, "duplicate": True} if receipt.duplicate else {"ok": True})
