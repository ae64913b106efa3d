"""Twilio: its REST API for text messages and voice calls."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import unescape
from secrets import token_hex
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.answers import HttpParty
from sandbox.faults import Fault, Mode
from sandbox.inbox import Query, Receipt
from sandbox.receipts import Callbacks
from sandbox.wire import form
from sandbox.world import World

ACCOUNT = "/2010-04-01/Accounts/{account}"
E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True)
class Kind:
    """What sets a text message apart from a call on the wire."""

    channel: str
    prefix: str
    collection: str
    sent_since: tuple[str, ...]
    done: str
    lost: tuple[list[str], str]  # what is reported of one that never arrived, and the error's code


SMS = Kind("sms", "SM", "messages", ("DateSent>",), "delivered", (["sent", "undelivered"], "30003"))
VOICE = Kind("voice", "CA", "calls", ("StartTime>", "DateSent>"), "completed", (["no-answer"], ""))


class TwilioError(Exception):
    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(text)
        self.status, self.code = status, code

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        body = {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return JSONResponse(body, self.status, headers=headers)


class Twilio(HttpParty):
    switches: ClassVar = ("sms", "voice")
    company: ClassVar = "first"
    at: ClassVar = "/twilio"
    mark: ClassVar = ""  # what its switches have more than the channel's name

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._callbacks = Callbacks(world.token_of)

    def routes(self) -> list[Route]:
        both = ["GET", "POST"]
        return [
            Route(self.at + ACCOUNT + "/Messages.json", self.messages, methods=both),
            Route(self.at + ACCOUNT + "/Calls.json", self.calls, methods=both),
        ]

    async def messages(self, request: Request) -> Response:
        return await self._serve(request, SMS)

    async def calls(self, request: Request) -> Response:
        return await self._serve(request, VOICE)

    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        match fault.mode:
            case Mode.REJECT:
                return _bad_number(to).response()
            case Mode.RATELIMIT:
                wait = {"Retry-After": str(fault.retry_after)}
                return TwilioError(429, 20429, "Too Many Requests").response(wait)
        return TwilioError(503, 20503, "Service Unavailable").response()

    async def _serve(self, request: Request, kind: Kind) -> Response:
        try:
            token = _authenticate(request)
            self.world.tokens[request.path_params["account"]] = token
            if request.method == "GET":
                return await self._list(request, kind)
            return await self._create(request, kind)
        except TwilioError as error:
            return error.response()

    async def _create(self, request: Request, kind: Kind) -> Response:
        given = await form(request)
        receipt = _receipt(request.path_params["account"], given, kind)

        receipt.details["company"] = self.company

        def created(kept: Receipt) -> Response:
            return JSONResponse(_resource(kept, kind, status="queued"), status_code=201)

        answer = await self.take(receipt, switch=kind.channel + self.mark, answer=created)
        statuses, error = _what_becomes_of(receipt, kind)
        self._callbacks.tell(receipt, statuses, error=error)
        return answer

    async def _list(self, request: Request, kind: Kind) -> Response:
        account = request.path_params["account"]
        # A plus sign that was not escaped arrives as a space.
        to = request.query_params.get("To", "").strip()
        since = _sent_since(request.query_params, kind)
        size = request.query_params.get("PageSize", "")

        def found() -> Response:
            receipts = self.world.inbox.find(Query(channel=kind.channel, to=to))
            recent = [
                each
                for each in reversed(receipts)
                if each.at >= since and each.details["account"] == account
            ]
            page = recent[: int(size) if size.isdecimal() else 50]
            resources = [_resource(each, kind, status=kind.done) for each in page]
            return JSONResponse({kind.collection: resources, "next_page_uri": None})

        return await self.look_up(switch=kind.channel + self.mark, to=to, answer=found)


class Backup(Twilio):
    """Another company that speaks the same language."""

    switches: ClassVar = ("sms_backup", "voice_backup")
    company: ClassVar = "second"
    at: ClassVar = "/twilio-backup"
    mark: ClassVar = "_backup"


def _what_becomes_of(taken: Receipt, kind: Kind) -> tuple[list[str], str]:
    """A text arrives at once; a call is over when somebody has listened to it."""
    if taken.reason == Mode.LOSE:
        return kind.lost
    return (["sent", "delivered"] if kind is SMS and not taken.reason else []), ""


def spoken_words(twiml: str) -> str:
    """What a person on the phone would hear."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", twiml)).split())


def _authenticate(request: Request) -> str:
    """The account's token, by which it is also called back."""
    scheme, _, code = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, password = b64decode(code).decode("utf-8", "replace").partition(":")
    except NotBase64:
        user = password = ""
    if scheme.lower() != "basic" or not user or not password:
        raise TwilioError(401, 20003, "Authenticate")
    return password


def _receipt(account: str, given: Mapping[str, str], kind: Kind) -> Receipt:
    to, twiml = given.get("To", ""), given.get("Twiml", "")
    if not E164.fullmatch(to):
        raise _bad_number(to)
    if not given.get("From") and not given.get("MessagingServiceSid"):
        raise TwilioError(400, 21603, "A 'From' phone number is required.")
    return Receipt(
        channel=kind.channel,
        to=to,
        text=_words(given, kind),
        headers={name: given[name] for name in ("From", "StatusCallback") if name in given},
        details={"sid": kind.prefix + token_hex(16), "account": account, "twiml": twiml},
    )


def _words(given: Mapping[str, str], kind: Kind) -> str:
    if kind is SMS:
        words = given.get("Body", "")
        missing = TwilioError(400, 21602, "Message body is required.")
    else:
        words = spoken_words(given.get("Twiml", "")) or given.get("Url", "")
        missing = TwilioError(400, 21205, "Url is not a valid URL")
    if not words:
        raise missing
    return words


def _bad_number(to: str) -> TwilioError:
    return TwilioError(400, 21211, f"Invalid 'To' Phone Number: {to}")


def _resource(receipt: Receipt, kind: Kind, *, status: str) -> dict[str, Any]:
    sid, account = receipt.details["sid"], receipt.details["account"]
    resource = {
        "sid": sid,
        "account_sid": account,
        "status": status,
        "to": receipt.to,
        "from": receipt.headers.get("From"),
        "direction": "outbound-api",
        "price": None,
        "uri": f"/2010-04-01/Accounts/{account}/{kind.collection.title()}/{sid}.json",
    }
    return resource | _dates(receipt) | (_body(receipt) if kind is SMS else {})


def _dates(receipt: Receipt) -> dict[str, str]:
    # A message refused after acceptance was never stamped; answers are only built for kept ones.
    at = format_datetime(datetime.fromisoformat(receipt.at))
    return dict.fromkeys(("date_created", "date_updated", "date_sent", "start_time"), at)


def _body(receipt: Receipt) -> dict[str, Any]:
    return {"body": receipt.text, "error_code": None, "error_message": None, "num_media": "0"}


def _sent_since(given: Mapping[str, str], kind: Kind) -> str:
    wished = next((given[name] for name in kind.sent_since if given.get(name)), "")
    if not wished:
        return ""
    try:
        moment = datetime.fromisoformat(wished.strip())
    except ValueError:
        raise TwilioError(400, 20001, f"Invalid date: {wished}") from None
    at = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return at.isoformat(timespec="microseconds")
