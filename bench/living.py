"""The sandbox's hot wallet, on a chain whose clock is ours."""

from __future__ import annotations

from collections.abc import Sequence

from energy.domain.recovery import Usage
from sandbox.chain import cast
from sandbox.chain.accounts import SLOT, WINDOW, Account
from sandbox.chain.ledger import Chain

SECONDS = SLOT // 1000
MINUTE = 60 * 1000


class Living:
    def __init__(self) -> None:
        self.at = 1_800_000_000_000
        self.chain = Chain(now=lambda: self.at)
        cast.begin(self.chain)
        self.address = cast.address(cast.HOT)

    @property
    def account(self) -> Account:
        return self.chain.account(self.address)

    @property
    def limit(self) -> int:
        return self.chain.limit(self.account)

    @property
    def used(self) -> int:
        return self.account.usage(self.chain.slot)

    @property
    def usage(self) -> Usage:
        """As the node tells it: decayed to now, with what is left of the window."""
        return Usage(self.used, self.account.window_left(self.chain.slot) / WINDOW * SECONDS)

    def live(self, load: Sequence[int], minutes: int) -> int | None:
        """The load a minute, over and over; the seconds until nothing is left, or None."""
        began = self.at
        for minute in range(minutes):
            self.at += MINUTE
            room = self.limit - self.used
            self.chain.consume(self.address, min(room, load[minute % len(load)]))
            if self.used >= self.limit:
                return (self.at - began) // 1000
        return None

    def rest(self, percent: int) -> float:
        """Nothing is used; the seconds until so much of the limit is free again."""
        limit, began = self.limit, self.at
        while limit - self.used < limit * percent // 100:
            self.at += SLOT
        return (self.at - began) / 1000
