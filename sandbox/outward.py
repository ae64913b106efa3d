"""Calls from the outside world to the product, as a person's provider makes them: over the wire."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

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
