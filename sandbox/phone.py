"""The phone of somebody who was paged: what they write or press reaches the product through Twilio."""

from collections.abc import Mapping
from secrets import token_hex

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import twiml
from sandbox.inbox import Query, Receipt
from sandbox.outward import Answer, post_form
from sandbox.receipts import Callbacks
from sandbox.wire import back, wish
from sandbox.world import Party, World

SMS_HOOK = "/hooks/twilio/sms/"
KEYS = frozenset("0123456789*#")


class Phone(Party):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._callbacks = Callbacks(world.token_of)

    def routes(self) -> list[Route]:
        return [
            Route("/reply", self.reply, methods=["POST"]),
            Route("/press", self.press, methods=["POST"]),
        ]

    async def reply(self, request: Request) -> Response:
        """{"recipient": "+82…", "text": "확인"}; the newest text to them is what they answer."""
        given = await wish(request)
        page = self._meant("sms", given)
        hook = self.world.settings.product_url + SMS_HOOK
        answer = await self._call(hook, self._message(given, page))
        said = given.get("text", "")
        return self._told(request, page, said, answer, twiml.texts(answer.text))

    async def press(self, request: Request) -> Response:
        """{"recipient": "+82…", "key": "1"}; without a key, what they hear who press none."""
        given = await wish(request)
        call, key = self._meant("voice", given), given.get("key", "")
        if call is None:
            raise HTTPException(404, "nobody called this number")
        script = _script(call)
        if not key:
            self._go_on(call, twiml.EMPTY)
            return self._told(request, call, "…", Answer(200, ""), script.silence)
        if key not in KEYS:
            raise HTTPException(400, f"{key!r} is no key")
        if not script.action:
            raise HTTPException(409, "the call is over: it asks for no key")
        answer = await self._call(script.action, _pressed(key, call))
        self._go_on(call, answer.text)
        heard = twiml.read(answer.text)
        return self._told(request, call, key, answer, heard.spoken)

    def _go_on(self, call: Receipt, script: str) -> None:
        """The call goes on by this script; one that asks for no key is its end."""
        call.details["now"] = script
        if not twiml.read(script).action:
            self._callbacks.tell(call, ["completed"])

    async def _call(self, url: str, fields: Mapping[str, str]) -> Answer:
        return await post_form(url, fields, self.world.token_of(fields["AccountSid"]))

    def _meant(self, channel: str, given: Mapping[str, str]) -> Receipt | None:
        """The message whose card was used, or else the newest to this recipient that can be answered."""
        to, message = given.get("recipient", "").strip(), given.get("message", "")
        theirs = [
            each
            for each in self.world.inbox.find(Query(channel=channel, to=to))
            if each.to == to and message in ("", str(each.id))
        ]
        asking = [each for each in theirs if channel == "sms" or _script(each).action]
        return next(reversed(asking or theirs), None)

    def _message(self, given: Mapping[str, str], page: Receipt | None) -> dict[str, str]:
        """To the number the page came from; to ours, where there was none."""
        ours = self.world.settings.twilio_number
        number = page.headers.get("From", ours) if page else ours
        account = page.details["account"] if page else "AC-sandbox"
        return _message(given, number, account)

    def _told(
        self, request: Request, page: Receipt | None, said: str, answer: Answer, heard: str
    ) -> Response:
        exchange = {"said": said, "status": answer.status, "heard": heard or answer.text[:200]}
        if page:
            self.world.inbox.answered(page, exchange)
        if "json" in request.headers.get("content-type", ""):
            raw = {"product": answer.text}
            return JSONResponse(exchange | raw, status_code=200 if answer.status else 502)
        return back(request, f"#m{page.id}" if page else "")


def _script(call: Receipt) -> twiml.Script:
    return twiml.read(call.details.get("now", call.details["twiml"]))


def _message(given: Mapping[str, str], our_number: str, account: str) -> dict[str, str]:
    """A name that is given in `sid` makes it a repeat of that message."""
    sid = given.get("sid") or "SM" + token_hex(16)
    return {
        "ApiVersion": "2010-04-01",
        "AccountSid": account,
        "MessageSid": sid,
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "From": given.get("recipient", "").strip(),
        "To": our_number,
        "Body": given.get("text", ""),
        "NumMedia": "0",
        "NumSegments": "1",
    }


def _pressed(key: str, call: Receipt) -> dict[str, str]:
    return {
        "ApiVersion": "2010-04-01",
        "AccountSid": call.details["account"],
        "CallSid": call.details["sid"],
        "CallStatus": "in-progress",
        "Direction": "outbound-api",
        "From": call.headers.get("From", ""),
        "To": call.to,
        "Called": call.to,
        "Caller": call.headers.get("From", ""),
        "Digits": key,
        "msg": "Gather End",
    }
