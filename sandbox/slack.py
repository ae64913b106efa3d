"""Slack: the part of its Web API that posts and reads messages, and incoming webhooks."""

import json
import re
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from hashlib import sha1
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.answers import HttpParty
from sandbox.faults import KEEPS, Fault, Mode
from sandbox.inbox import Query, Receipt
from sandbox.wire import form
from sandbox.world import World

Fields = dict[str, Any]
KEPT = ("text", "blocks", "attachments", "metadata", "thread_ts", "username", "reply_broadcast")
CODED = ("blocks", "attachments", "metadata")


class SlackError(Exception):
    """Slack's word for what is wrong; said with status 200."""


class Slack(HttpParty):
    switches: ClassVar = ("slack", "slack_webhook")

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._last_ts = 0
        self._methods: dict[str, Callable[[Fields], Awaitable[Response]]] = {
            "api.test": self.test,
            "auth.test": self.test,
            "chat.postMessage": self.post_message,
            "chat.update": self.update,
            "conversations.history": self.history,
            "conversations.open": self.open,
            "conversations.replies": self.history,
        }

    def routes(self) -> list[Route]:
        return [
            Route("/slack/api/{method}", self.api, methods=["GET", "POST"]),
            Route("/slack/services/{path:path}", self.incoming_webhook, methods=["POST"]),
        ]

    async def api(self, request: Request) -> Response:
        try:
            given = await fields(request)
            method = self._methods.get(request.path_params["method"])
            if method is None:
                raise SlackError("unknown_method")
            if not token(request, given):
                raise SlackError("not_authed")
            return await method(given)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": str(error)})

    async def test(self, given: Fields) -> Response:
        who = {"team": "Sandbox", "user": "bongsu", "team_id": "T000", "user_id": "U000"}
        return await self._look_up("", {**who, "bot_id": "B000", "url": "http://sandbox/"})

    async def open(self, given: Fields) -> Response:
        users = str(given.get("users") or "")
        if not users:
            raise SlackError("users_list_not_supplied")
        return await self._look_up(users, {"channel": {"id": channel_id(users)}})

    async def post_message(self, given: Fields) -> Response:
        to = _channel(given)
        if not given.get("text") and not given.get("blocks") and not given.get("attachments"):
            raise SlackError("no_text")
        receipt = self._receipt(to, given)
        return await self.take(receipt, switch="slack", answer=_posted)

    async def update(self, given: Fields) -> Response:
        """As the real one: by the conversation's id, never by a name or a person."""
        message = self._sent(_channel(given), str(given.get("ts") or ""))
        fault = self.world.faults.strike("slack", message.to)
        if fault.mode in KEEPS:
            message.details["message"] |= {name: given[name] for name in KEPT if given.get(name)}
            message.text = str(message.details["message"]["text"])
            self.world.inbox.edited(message)
        return await self._suffer(fault, switch="slack", to=message.to) or _posted(message)

    async def history(self, given: Fields) -> Response:
        channel = channel_id(_channel(given))
        thread = str(given.get("ts") or "")
        oldest, limit = _oldest(given), _limit(given)
        found = [
            _message(each, with_metadata=_is_true(given.get("include_all_metadata")))
            for each in reversed(self.world.inbox.find(Query(channel="slack")))
            if each.details.get("channel") == channel
            and _belongs(each.details["message"], thread)
            and Decimal(each.details["ts"]) > oldest
        ]
        page = {"messages": found[:limit], "has_more": len(found) > limit}
        return await self._look_up(channel, page)

    async def incoming_webhook(self, request: Request) -> Response:
        try:
            payload = json.loads(await request.body())
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            return PlainTextResponse("invalid_payload", status_code=400)
        if not payload.get("text") and not payload.get("blocks"):
            return PlainTextResponse("no_text", status_code=400)
        receipt = self._receipt(request.path_params["path"], payload)
        return await self.take(receipt, switch="slack_webhook", answer=_say_ok)

    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        return refusal_of(fault, on_webhook=switch == "slack_webhook")

    async def _look_up(self, to: str, found: Fields) -> Response:
        def answer() -> Response:
            return JSONResponse({"ok": True, **found})

        return await self.look_up(switch="slack", to=to, answer=answer)

    def _receipt(self, to: str, given: Fields) -> Receipt:
        ts = self._next_ts()
        kept = {name: given[name] for name in KEPT if given.get(name)}
        message = {"type": "message", "bot_id": "B000", "text": "", "ts": ts, **kept}
        return Receipt(
            channel="slack",
            to=to,
            text=str(message["text"]),
            key=_key(message.get("metadata")),
            details={"channel": channel_id(to), "ts": ts, "message": message},
        )

    def _sent(self, channel: str, ts: str) -> Receipt:
        for each in reversed(self.world.inbox.find(Query(channel="slack"))):
            if (each.details.get("channel"), each.details.get("ts")) == (channel, ts):
                return each
        raise SlackError("message_not_found")

    def _next_ts(self) -> str:
        # A ts is the message's name in its channel, so no two may be equal.
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


def channel_id(name: str) -> str:
    """An id stays itself; users become their direct conversation; a name gets a stable id."""
    if re.fullmatch(r"[CDG][A-Z0-9]{2,}", name):
        return name
    direct = re.fullmatch(r"[UW][A-Z0-9]{2,}(,[UW][A-Z0-9]{2,})*", name)
    digest = sha1(name.removeprefix("#").encode(), usedforsecurity=False).hexdigest()
    return ("D" if direct else "C") + digest[:10].upper()


async def fields(request: Request) -> Fields:
    given: Fields = dict(request.query_params)
    if "json" not in request.headers.get("content-type", ""):
        given |= await form(request)
        return given | {name: _decoded(given[name]) for name in CODED if given.get(name)}
    body = _decoded((await request.body()).decode("utf-8", "replace"))
    if not isinstance(body, dict):
        raise SlackError("invalid_json")
    return given | body


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise SlackError("invalid_json") from None


def token(request: Request, given: Fields) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(given.get("token") or "")


def _channel(given: Fields) -> str:
    channel = str(given.get("channel") or "")
    if not channel or channel.removeprefix("#").startswith("missing"):
        raise SlackError("channel_not_found")
    return channel


def _oldest(given: Fields) -> Decimal:
    try:
        return Decimal(str(given.get("oldest") or 0))
    except InvalidOperation:
        raise SlackError("invalid_ts_oldest") from None


def _limit(given: Fields) -> int:
    limit = str(given.get("limit") or 100)
    if not limit.isdecimal() or not 0 < int(limit) < 1000:
        raise SlackError("invalid_limit")
    return int(limit)


def _is_true(given: object) -> bool:
    return str(given).lower() in ("1", "true")


def _belongs(message: Fields, thread: str) -> bool:
    parent = message.get("thread_ts") or message["ts"]
    if thread:
        return thread in (parent, message["ts"])
    # Replies stay inside their thread unless they were also sent to the channel.
    return parent == message["ts"] or _is_true(message.get("reply_broadcast"))


def _message(receipt: Receipt, *, with_metadata: bool) -> Fields:
    message: Fields = receipt.details["message"]
    if with_metadata:
        return message
    return {name: value for name, value in message.items() if name != "metadata"}


def _key(metadata: object) -> str:
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload.get("key") or "") if isinstance(payload, dict) else ""


def _posted(receipt: Receipt) -> Response:
    return JSONResponse({"ok": True, **receipt.details})


def _say_ok(receipt: Receipt) -> Response:
    return PlainTextResponse("ok")


def refusal_of(fault: Fault, *, on_webhook: bool = False) -> Response:
    status, error = _refusal_words(fault.mode, on_webhook=on_webhook)
    wait = {"Retry-After": str(fault.retry_after)} if status == 429 else None
    if on_webhook:
        return PlainTextResponse(error, status, headers=wait)
    return JSONResponse({"ok": False, "error": error}, status, headers=wait)


def _refusal_words(mode: Mode, *, on_webhook: bool) -> tuple[int, str]:
    match mode:
        case Mode.REJECT:
            return (404 if on_webhook else 200), "channel_not_found"
        case Mode.RATELIMIT:
            return 429, "rate_limited" if on_webhook else "ratelimited"
    return 500, "internal_error"
