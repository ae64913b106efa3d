"""One question to a market, its outcome in our own words: an answer, or one of three errors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from django.conf import settings

from energy.domain.market import MarketError, RateLimited, Rejected, Unknown
from energy.domain.measuring import SUN
from integrations import http

PATIENCE: Final = 5  # seconds, where a market does not say how long to wait
REFUSALS: Final = {400, 401, 402, 403, 404, 409, 422}  # nothing was bought; 408 says no such thing
SHOWN: Final = 200  # characters of a refusal that are worth keeping


@dataclass(frozen=True)
class Call:
    """`spends`: without an answer it may have been carried out."""

    market: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    spends: bool = False
    looks: bool = False  # for something bought: no answer is no proof of anything

    def unsure(self, text: str) -> MarketError:
        kind = Unknown if self.spends or self.looks else Rejected
        return kind(f"{self.market}: {text}")


def ask(call: Call) -> dict[str, Any]:
    """The JSON object of a 2xx answer; raises a MarketError for everything else."""
    answer = _sent(call)
    if answer.status == 429:
        wait = answer.retry_after or PATIENCE
        raise RateLimited(f"{call.market}: too many requests", retry_after=wait)
    if not (answer.ok or answer.status in REFUSALS):
        raise call.unsure(f"status {answer.status}")
    said = _object(call, answer.body)
    if answer.ok:
        return said
    refusal = said.get("message") or said.get("msg") or said.get("error") or answer.status
    if call.looks:
        raise call.unsure(f"refused: {str(refusal)[:SHOWN]}")
    raise Rejected(f"{call.market}: {str(refusal)[:SHOWN]}")


def _sent(call: Call) -> http.Answer:
    try:
        return http.call(
            call.method,
            call.url,
            headers={"Content-Type": "application/json", **call.headers},
            body=call.body,
            seconds=settings.MARKET_TIMEOUT,
            trusted=True,
            limit=512 * 1024,
        )
    except http.Forbidden as error:
        raise Rejected(f"{call.market}: {error}") from error
    except http.Unreachable as error:
        if call.looks or error.maybe_arrived:
            raise call.unsure(str(error)) from error
        raise Rejected(f"{call.market}: {error}") from error


def _object(call: Call, body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise call.unsure("the answer is no JSON") from error
    if not isinstance(said, dict):
        raise call.unsure("the answer is no object")
    return said


def whole(said: Mapping[str, Any], name: str, call: Call) -> int:
    """A number that must be there and whole: a missing price is not zero."""
    given = said.get(name)
    if isinstance(given, str) and given.isascii() and given.isdigit():
        given = int(given)
    if isinstance(given, Decimal) and given == given.to_integral_value():
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise call.unsure(f"{name} is {str(given)[:SHOWN]}")
    return given


def trx(said: Mapping[str, Any], name: str, call: Call) -> int:
    """Sun of an amount that the market tells in TRX, a fraction of a sun counted as one."""
    given = said.get(name)
    try:
        amount = Decimal(str(given)) * SUN
        if not amount.is_finite() or amount < 0:
            raise ValueError
    except (ArithmeticError, ValueError):
        raise call.unsure(f"{name} is {str(given)[:SHOWN]}") from None
    return int(amount.to_integral_value(ROUND_CEILING))


def text(said: Mapping[str, Any], name: str, call: Call) -> str:
    given = said.get(name)
    if not isinstance(given, str | int) or not str(given):
        raise call.unsure(f"{name} is missing")
    return str(given)


def part(said: Mapping[str, Any], name: str, call: Call) -> dict[str, Any]:
    given = said.get(name)
    if not isinstance(given, dict):
        raise call.unsure(f"{name} is missing")
    return given
