"""Calls from the outside world to the product, as a person's provider makes them: over the wire."""

import asyncio
import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpcore2

PATIENCE = 15.0  # seconds, as Twilio has


@dataclass(frozen=True)
class Answer:
    """Status 0 says that nobody answered; the text is then why."""

    status: int
    text: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


async def post(
    url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = PATIENCE
) -> Answer:
    try:
        async with asyncio.timeout(seconds), httpcore2.AsyncConnectionPool() as pool:
            answer = await pool.request("POST", url, headers=[*headers.items()], content=body)
    except TimeoutError:
        return Answer(0, f"no answer within {seconds:g} s")
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        return Answer(0, str(error) or type(error).__name__)
    return Answer(answer.status, answer.content.decode("utf-8", "replace"))


async def post_form(url: str, fields: Mapping[str, str], token: str) -> Answer:
    """As Twilio calls: a form, signed with the account's token over the address and all its fields."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "X-Twilio-Signature": signature(token.encode(), url, fields),
    }
    return await post(url, urlencode(fields).encode(), headers)


def signature(key: bytes, url: str, fields: Mapping[str, str]) -> str:
    said = url + "".join(name + fields[name] for name in sorted(fields))
    return b64encode(hmac.digest(key, said.encode(), "sha1")).decode()
