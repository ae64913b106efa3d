"""The phone of somebody who was paged: what they write back reaches the product through Twilio."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from secrets import token_hex
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.inbox import Query, Receipt
from sandbox.outward import Answer, post, twiml
from sandbox.wire import back, wish
from sandbox.world import Party

SMS_HOOK = "/hooks/twilio/sms/"


class Phone(Party):
    def routes(self) -> list[Route]:
        return [Route("/reply", self.reply, methods=["POST"])]

    async def reply(self, request: Request) -> Response:
        """{"recipient": "+82…", "text": "확인"}; the newest text to them is what they answer."""
        given = await wish(request)
        paged = self._meant("sms", given)
        answer = await self._call(SMS_HOOK, _message(given, self._our_number(paged)))
        heard = " ".join(each.text or "" for each in twiml(answer).iter("Message"))
        return self._told(request, paged, given.get("text", ""), answer, heard)

    async def _call(self, path: str, fields: Mapping[str, str]) -> Answer:
        url = self.world.settings.product_url + path
        key = self.world.settings.twilio_token.encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "X-Twilio-Signature": signature(key, url, fields),
        }
        return await post(url, urlencode(fields).encode(), headers)

    def _meant(self, channel: str, given: Mapping[str, str]) -> Receipt | None:
        """The message whose card was used, or else the newest one to this recipient."""
        to, message = given.get("recipient", "").strip(), given.get("message", "")
        theirs = [
            each
            for each in self.world.inbox.find(Query(channel=channel, to=to))
            if each.to == to and message in ("", str(each.id))
        ]
        return theirs[-1] if theirs else None

    def _our_number(self, paged: Receipt | None) -> str:
        ours = self.world.settings.twilio_number
        return paged.headers.get("From", ours) if paged else ours

    def _told(
        self, request: Request, paged: Receipt | None, said: str, answer: Answer, heard: str
    ) -> Response:
        exchange = {"said": said, "status": answer.status, "heard": heard or answer.text[:200]}
        if paged:
            self.world.inbox.answered(paged, exchange)
        if "json" in request.headers.get("content-type", ""):
            raw = {"product": answer.text}
            return JSONResponse(exchange | raw, status_code=200 if answer.status else 502)
        return back(request, f"#m{paged.id}" if paged else "")


def signature(key: bytes, url: str, fields: Mapping[str, str]) -> str:
    said = url + "".join(name + fields[name] for name in sorted(fields))
    return b64encode(hmac.digest(key, said.encode(), "sha1")).decode()


def _message(given: Mapping[str, str], our_number: str) -> dict[str, str]:
    """A name that is given in `sid` makes it a repeat of that message."""
    sid = given.get("sid") or "SM" + token_hex(16)
    return {
        "ApiVersion": "2010-04-01",
        "AccountSid": "AC-sandbox",
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
