"""When to kill from outside: while the rows say that something is being done, rather what few have died at.

A worker that dies with nothing to do proves little. Counted as met is what was written down as begun and
not as over at the moment before the kill: an action under its lease or in doubt, a transaction that may
still land, a purchase that may still come.
"""

import time
from collections import Counter
from random import Random
from typing import Final

from energy.models import ChainTransaction, Purchase
from runbooks.domain.actions import OPEN, State
from runbooks.models import Action

PICKY: Final = 1.0  # seconds in which only what is rare will do
PATIENT: Final = 2.5  # seconds, of which the rest takes anything
PAUSE: Final = 0.004


class Hunter:
    """`met` counts at how many kills each thing was in flight."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.met = Counter[str]()

    def lie_in_wait(self) -> "Hunt":
        usual = sorted(self.met.values())[len(self.met) // 2] if self.met else 0
        return Hunt(
            {name for name, times in self.met.items() if times > usual}, self.chance.random() * 0.03
        )


class Hunt:
    """Of one worker. `found`: what is in flight now, when its time has come."""

    def __init__(self, common: set[str], linger: float) -> None:
        self.common, self.linger = common, linger
        self.began = time.monotonic()
        self.found = Counter[str]()

    def is_time(self) -> bool:
        waited = time.monotonic() - self.began
        self.found = in_flight()
        if self.found.keys() - self.common or (self.found and waited > PICKY):
            time.sleep(self.linger)  # somewhere between its beginning and its end
            self.found = in_flight()
            return True
        time.sleep(PAUSE)
        return waited > PATIENT


def in_flight() -> Counter[str]:
    """What the rows say is begun and not over."""
    doing = Action.objects.filter(state__in=OPEN).values_list("kind", "state")
    words = {State.EXECUTING: "doing", State.UNKNOWN: "in doubt"}
    found = Counter(f"{words[State(state)]} {kind}" for kind, state in doing)
    sent = ChainTransaction.objects.open().values_list("contract", "state")
    found.update(f"{contract} {state}" for contract, state in sent)
    pending = Purchase.objects.filter(ended_at=None).exclude(state="not_bought")
    found.update(f"purchase {state}" for state in pending.values_list("state", flat=True))
    return found
