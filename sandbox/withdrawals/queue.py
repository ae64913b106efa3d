"""Withdrawals that wait and are sent, rail by rail; each of some rails uses energy on the chain."""

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.chain import cast
from sandbox.chain.actuators import Invalid
from sandbox.chain.ledger import Chain

RAILS = {"trc20-usdt": 65_000, "trx": 0, "erc20-usdt": 0}  # energy each takes
PRIORITIES = ("high", "normal", "low")
MIX = ("normal", "low", "normal", "high", "low")  # of what arrives by itself
TRIP = 3.0  # seconds from sending to sent
MOST = 100_000  # that may wait on a rail


class Refusal(Exception):
    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


@dataclass
class Hold:
    key: str
    scope: str
    per_minute: int | None
    reason: str
    by: str
    at: float
    lifted: bool = False


@dataclass
class Rail:
    name: str
    energy: int
    arrivals: int = 0  # a minute, by themselves
    per_minute: int = 600  # as fast as it sends
    queued: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PRIORITIES, 0))
    sending: deque[float] = field(default_factory=deque)  # when each will be sent
    sent: int = 0
    failed: int = 0
    unmined: int = 0  # of those sending, as if they were in no block yet: by hand
    trouble: str = ""
    holds: dict[str, Hold] = field(default_factory=dict)
    lifts: dict[str, str] = field(default_factory=dict)  # key → hold
    arrived: int = 0
    due: Counter[str] = field(default_factory=Counter)  # parts of a withdrawal, in 60ths

    def open_holds(self) -> list[Hold]:
        return [hold for hold in self.holds.values() if not hold.lifted]

    def pause(self, key: str, wish: dict[str, Any], *, ignored: bool) -> None:
        """Raises Refusal. A known key changes nothing, also when its hold was lifted since."""
        hold = _hold(key, wish)
        if earlier := self.holds.get(key):
            same = (earlier.scope, earlier.per_minute, earlier.reason, earlier.by)
            if same != (hold.scope, hold.per_minute, hold.reason, hold.by):
                raise Refusal("the key was used for another pause", 409)
        elif not ignored:
            self.holds[key] = hold

    def resume(self, key: str, wish: dict[str, Any], *, ignored: bool) -> None:
        named = str(wish.get("hold") or "")
        if named not in self.holds:
            raise Refusal("no such hold", 404)
        if self.lifts.setdefault(key, named) != named:
            raise Refusal("the key was used for another hold", 409)
        if not ignored:
            self.holds[named].lifted = True

    def put(self, priority: str, count: int) -> None:
        room = max(0, MOST - sum(self.queued.values()))
        self.queued[priority] += min(count, room)

    def next(self) -> str | None:
        """The priority that goes next, if any may."""
        scopes = {hold.scope for hold in self.open_holds()}
        if "all" in scopes:
            return None
        allowed = PRIORITIES[:2] if "low" in scopes else PRIORITIES
        return next((one for one in allowed if self.queued[one]), None)

    def pace(self) -> int:
        """A minute."""
        paces = [one.per_minute for one in self.open_holds() if one.per_minute is not None]
        return min([self.per_minute, *paces])


def _hold(key: str, wish: dict[str, Any]) -> Hold:
    scope, pace = wish.get("scope", "all"), wish.get("per_minute")
    reason = str(wish.get("reason") or "")
    if not key or len(key) > 200:
        raise Refusal("Idempotency-Key is missing or too long", 400)
    if scope not in {"all", "low", "none"} or not reason:
        raise Refusal("scope is all, low or none, and a reason is needed")
    if pace is not None and not (isinstance(pace, int) and 0 <= pace <= MOST):
        raise Refusal("per_minute is a whole number")
    return Hold(key, str(scope), pace, reason, str(wish.get("by") or ""), time.time())


@dataclass
class Service:
    chain: Chain
    rails: dict[str, Rail] = field(
        default_factory=lambda: {name: Rail(name, energy) for name, energy in RAILS.items()}
    )

    def advance(self, seconds: int = 1) -> None:
        """What arrives and leaves in so many seconds."""
        for rail in self.rails.values():
            for _ in range(self._due(rail, "arrivals", rail.arrivals * seconds)):
                rail.put(MIX[rail.arrived % len(MIX)], 1)
                rail.arrived += 1
            while rail.sending and rail.sending[0] <= time.time():
                rail.sending.popleft()
                rail.sent += 1
            rail.trouble = ""
            for _ in range(self._due(rail, "sending", rail.pace() * seconds)):
                if rail.trouble or not self._send(rail):
                    break

    @staticmethod
    def _due(rail: Rail, what: str, sixtieths: int) -> int:
        whole, rail.due[what] = divmod(rail.due[what] + sixtieths, 60)
        return whole

    def _send(self, rail: Rail) -> bool:
        """One; it stays in the queue where the chain does not take it."""
        priority = rail.next()
        if priority is None:
            return False
        try:
            if rail.energy:
                self.chain.consume(cast.address(cast.HOT), rail.energy)
        except Invalid as error:
            rail.failed += 1
            rail.trouble = str(error)
            return False
        rail.queued[priority] -= 1
        rail.sending.append(time.time() + TRIP)
        return True


def told(rail: Rail) -> dict[str, Any]:
    scopes = {hold.scope for hold in rail.open_holds()}
    state = "paused" if "all" in scopes else "held" if scopes else "running"
    return {
        "rail": rail.name, "state": state, "queued": rail.queued, "sending": len(rail.sending) + rail.unmined,
        "unmined": rail.unmined,
        "sent": rail.sent, "failed": rail.failed, "trouble": rail.trouble,
        "arrivals_per_minute": rail.arrivals, "per_minute": rail.pace(),
        "holds": [
            {"key": one.key, "scope": one.scope, "per_minute": one.per_minute,
             "reason": one.reason, "by": one.by, "at": int(one.at)}
            for one in rail.open_holds()
        ],
    }  # fmt: skip
