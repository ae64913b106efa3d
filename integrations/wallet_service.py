"""The service that sends withdrawals, asked to hold them rail by rail.

`GET  /v1/rails`, `GET /v1/rails/RAIL`      how each stands, with its holds
`POST /v1/rails/RAIL/withdrawals/pause`     Idempotency-Key; {scope, per_minute, reason, by}
`POST /v1/rails/RAIL/withdrawals/resume`    Idempotency-Key; {hold: the key of the pause, reason, by}

A key is a hold, and lifting one leaves those of others. Either may be repeated with its key any
number of times, so after an Unknown the same call is simply made again.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings

from integrations import http

BY: Final = "bongsu"
PATIENCE: Final = 5  # seconds, where it does not say how long to wait
REFUSALS: Final = {400, 401, 403, 404, 409, 422}


class WalletServiceError(Exception):
    """One of those below, and nothing else, comes out of here."""


class Rejected(WalletServiceError):
    """It has not done so, and will not."""


class Unknown(WalletServiceError):
    """It may have done so: make the same call again with the same key."""


class RateLimited(WalletServiceError):
    def __init__(self, text: str, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Unconfirmed(WalletServiceError):
    """It said that it did, and reading back shows that it did not."""


class Scope(StrEnum):
    ALL = "all"
    LOW = "low"  # those of low priority
    NONE = "none"  # only the pace is held down


@dataclass(frozen=True)
class Hold:
    key: str
    scope: Scope
    per_minute: int | None
    reason: str
    by: str


@dataclass(frozen=True)
class Rail:
    name: str
    queued: dict[str, int]  # by priority
    sending: int  # on their way: a pause lets them end
    sent: int
    failed: int
    holds: tuple[Hold, ...]
    unmined: int = 0  # of those sending: broadcast, and in no block yet, if it says so

    @property
    def waiting(self) -> int:
        return sum(self.queued.values())

    @property
    def paused(self) -> bool:
        return any(hold.scope is Scope.ALL for hold in self.holds)

    def hold(self, key: str) -> Hold | None:
        return next((hold for hold in self.holds if hold.key == key), None)


def configured() -> bool:
    return bool(settings.WALLET_SERVICE_URL and settings.WALLET_SERVICE_TOKEN)


def rails() -> tuple[Rail, ...]:
    listed = _ask("GET", "/v1/rails").get("rails")
    if not isinstance(listed, list):
        raise Unknown("the list of rails is missing")
    return tuple(_rail(one) for one in listed)


def rail(name: str) -> Rail:
    return _rail(_ask("GET", f"/v1/rails/{quote(name, safe='')}"))


def pause(
    name: str,
    *,
    key: str,
    reason: str,
    scope: Scope = Scope.ALL,
    per_minute: int | None = None,
) -> Rail:
    """Hold a rail's withdrawals; the rail as it stands afterwards, read back."""
    wish = {"scope": scope, "per_minute": per_minute, "reason": reason, "by": BY}
    _ask("POST", f"/v1/rails/{quote(name, safe='')}/withdrawals/pause", wish, key=key)
    after = rail(name)
    held = after.hold(key)
    if held is None or (held.scope, held.per_minute) != (scope, per_minute):
        raise Unconfirmed(f"{name} is not held by {key}")
    return after


def resume(name: str, *, hold: str, key: str, reason: str) -> Rail:
    """Lift one hold, by its key, and leave all others; the rail read back."""
    wish = {"hold": hold, "reason": reason, "by": BY}
    _ask("POST", f"/v1/rails/{quote(name, safe='')}/withdrawals/resume", wish, key=key)
    after = rail(name)
    if after.hold(hold) is not None:
        raise Unconfirmed(f"{name} is still held by {hold}")
    return after


def _ask(
    method: str, path: str, wish: dict[str, Any] | None = None, *, key: str = ""
) -> dict[str, Any]:
    answer = _sent(method, path, wish, key)
    if answer.status == 429:
        wait = answer.retry_after or PATIENCE
        raise RateLimited("too many requests", retry_after=wait)
    if not (answer.ok or answer.status in REFUSALS):
        raise Unknown(f"status {answer.status}")
    try:
        said = json.loads(answer.body)
    except ValueError as error:
        raise Unknown("the answer is no JSON") from error
    if not isinstance(said, dict):
        raise Unknown("the answer is no object")
    if not answer.ok:
        raise Rejected(str(said.get("error") or answer.status)[:200])
    return said


def _sent(method: str, path: str, wish: dict[str, Any] | None, key: str) -> http.Answer:
    headers = {
        "Authorization": f"Bearer {settings.WALLET_SERVICE_TOKEN}",
        "Content-Type": "application/json",
    }
    try:
        return http.call(
            method,
            settings.WALLET_SERVICE_URL + path,
            headers=headers | ({"Idempotency-Key": key} if key else {}),
            body=json.dumps(wish).encode() if wish else b"",
            seconds=settings.WALLET_SERVICE_TIMEOUT,
            trusted=True,
        )
    except http.Forbidden as error:
        raise Rejected(str(error)) from error
    except http.Unreachable as error:
        raise Unknown(str(error)) from error


def _rail(said: Any) -> Rail:
    """Raises Unknown for what is not all there: a missing list of holds is not "no holds"."""
    try:
        queued = {str(name): int(count) for name, count in said["queued"].items()}
        holds = tuple(
            Hold(one["key"], Scope(one["scope"]), one["per_minute"], one["reason"], one["by"])
            for one in said["holds"]
        )
        sending, sent, failed = (int(said[name]) for name in ("sending", "sent", "failed"))
        unmined = min(sending, max(0, int(said.get("unmined") or 0)))
        return Rail(str(said["rail"]), queued, sending, sent, failed, holds, unmined)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unknown("the rail is not described whole") from error
