"""People in Slack: the buttons they press and the commands they type reach the product, signed."""

import hmac
import json
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from html import escape
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.blocks import Button, buttons
from sandbox.inbox import Query, Receipt
from sandbox.outward import Answer, post
from sandbox.settings import HOST
from sandbox.wire import back, wish
from sandbox.world import Party, World

HOOK = "/hooks/slack/"
PATIENCE = 3.0  # seconds; then Slack tells its user that the app did not answer
WAYS_BACK = 1000
PERSON = re.compile(r"[UW][A-Z0-9]{2,}")


class Workspace(Party):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._ways_back: OrderedDict[str, Receipt] = OrderedDict()

    def routes(self) -> list[Route]:
        return [
            Route("/slack/press", self.press, methods=["POST"]),
            Route("/slack/command", self.command, methods=["POST"]),
            Route("/slack/actions/{token}", self.answer, methods=["POST"]),
        ]

    async def press(self, request: Request) -> Response:
        """{"recipient": "U0000003", "action": "acknowledge"}; `user` where it is a channel's."""
        given = await wish(request)
        message = self._meant(given)
        user = _person(given.get("user") or message.to)
        button = next((b for b in _buttons(message) if b.action == given.get("action")), None)
        if button is None:
            raise HTTPException(404, "the message has no such button")
        payload = _payload(button, message, user, self._way_back(message))
        answer = await self._call({"payload": json.dumps(payload)})
        self.world.inbox.answered(message, _exchange(f"{user}: [{button.label}]", answer))
        return _told(request, answer, answer.text, message)

    async def command(self, request: Request) -> Response:
        """{"user": "U0000003", "text": "ack 214"}; what only they see comes back, and as a card."""
        given = await wish(request)
        user, text = _person(given.get("user", "")), given.get("text", "")
        card = Receipt(channel="slack", to=user, subject=f"/bongsu {text}".strip())
        answer = await self._call(_command(user, text, self._way_back(card)))
        card.text = _shown(answer)
        self.world.inbox.record(card)
        return _told(request, answer, card.text, card)

    async def answer(self, request: Request) -> Response:
        """Where the product answers a press: the message anew, or words for one person."""
        message = self._ways_back.get(request.path_params["token"])
        if message is None:
            return PlainTextResponse("expired_url", status_code=404)
        said = json.loads(await request.body())
        if said.get("replace_original"):
            kept = {name: said[name] for name in ("text", "blocks") if name in said}
            message.details["message"] |= kept
            message.text = str(said.get("text", ""))
            self.world.inbox.edited(message)
        else:
            self.world.inbox.answered(message, {"said": "", "status": 200, "heard": said["text"]})
        return PlainTextResponse("ok")

    async def _call(self, fields: Mapping[str, str]) -> Answer:
        body, stamp = urlencode(fields).encode(), str(int(time.time()))
        key = self.world.settings.slack_secret.encode()
        mac = hmac.digest(key, b"v0:" + stamp.encode() + b":" + body, "sha256")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={mac.hex()}",
        }
        return await post(self.world.settings.product_url + HOOK, body, headers, seconds=PATIENCE)

    def _meant(self, given: Mapping[str, str]) -> Receipt:
        """The message whose card was used, or else the newest with buttons to this recipient."""
        to, message = given.get("recipient", ""), given.get("message", "")
        found = self.world.inbox.find(Query(channel="slack", to=to))
        for each in reversed(found):
            if each.to == to and message in ("", str(each.id)) and _buttons(each):
                return each
        raise HTTPException(404, f"no message to {to!r} has a button")

    def _way_back(self, message: Receipt) -> str:
        token = token_hex(12)
        self._ways_back[token] = message
        if len(self._ways_back) > WAYS_BACK:
            self._ways_back.popitem(last=False)
        return f"http://{HOST}:{self.world.settings.port}/slack/actions/{token}"


def _buttons(message: Receipt) -> list[Button]:
    return buttons(message.details.get("message", {}).get("blocks"))


def _person(user: str) -> str:
    if not PERSON.fullmatch(user):
        raise HTTPException(400, f"who? {user!r} is no person's id, such as U0000003")
    return user


def _payload(button: Button, message: Receipt, user: str, way_back: str) -> dict[str, Any]:
    ts, channel = message.details["ts"], message.details["channel"]
    return {
        "type": "block_actions",
        "team": {"id": "T000", "domain": "sandbox"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T000"},
        "api_app_id": "A000",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel},
        "channel": {"id": channel, "name": "directmessage"},
        "message": message.details["message"],
        "trigger_id": token_hex(12),
        "response_url": way_back,
        "actions": [button.raw | {"block_id": "b1", "action_ts": f"{time.time():.6f}"}],
    }


def _command(user: str, text: str, way_back: str) -> dict[str, str]:
    return {
        "team_id": "T000",
        "team_domain": "sandbox",
        "channel_id": "C000",
        "channel_name": "general",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/bongsu",
        "text": escape(text, quote=False),  # as Slack does
        "api_app_id": "A000",
        "trigger_id": token_hex(12),
        "response_url": way_back,
    }


def _shown(answer: Answer) -> str:
    try:
        return str(json.loads(answer.text)["text"])
    except (ValueError, LookupError, TypeError):
        said = answer.text[:200]
        return f"HTTP {answer.status} {said}" if answer.status and not answer.ok else said


def _exchange(said: str, answer: Answer) -> dict[str, Any]:
    return {"said": said, "status": answer.status, "heard": "" if answer.ok else answer.text[:200]}


def _told(request: Request, answer: Answer, heard: str, card: Receipt) -> Response:
    if "json" in request.headers.get("content-type", ""):
        told = {"status": answer.status, "heard": heard, "product": answer.text}
        return JSONResponse(told, status_code=200 if answer.status else 502)
    return back(request, f"#m{card.id}")
