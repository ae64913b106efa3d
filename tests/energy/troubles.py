"""What goes wrong around a response, drawn by chance: the chain, markets, wallet service, signer, database."""

import os
import signal
import time
from collections import Counter
from collections.abc import Collection, Iterator
from random import Random
from typing import Any

from django.db import connection

from tests.energy.company import MARKETS, Firm
from tests.environment import server

NODE = (
    ("lose_reply", {"match": "broadcast"}), ("lose_reply", {}), ("dup_cache", {}),
    ("never_mined", {"count": 2}), ("never_mined", {"count": 1000}), ("wrong_txid", {}),
    ("larger_freeze", {}), ("unavailable", {"count": 3}), ("limited", {"count": 2}),
    ("forbidden", {"count": 2}), ("empty", {"count": 2}), ("error_body", {"count": 2}),
    ("slow", {"delay": 0.5, "count": 3}), ("slow", {"delay": 3, "match": "broadcast"}),
    ("stale", {"count": 2}), ("totals_missing", {}), ("limit_wrong", {}), ("accounts_stuck", {}),
)  # fmt: skip
SECOND_NODE = (
    ("error_body", {"count": 2}), ("empty", {"count": 2}), ("stale", {"count": 2}),
    ("limit_wrong", {"count": 2}), ("unavailable", {"count": 3}), ("forbidden", {"count": 2}),
    ("limited", {"count": 2}), ("slow", {"delay": 3}), ("totals_missing", {}), ("lose_reply", {}),
    ("accounts_stuck", {}),
)  # fmt: skip
WALLET_SERVICE = (
    ("hang", {}), ("lose_reply", {"match": "withdrawals"}), ("garbage", {}), ("ignored", {}),
    ("limited", {}), ("rejected", {}), ("unavailable", {"count": 2}),
)  # fmt: skip
MARKET = tuple(
    (name, {})
    for name in (
        "hang", "lose_reply", "breaks_after", "garbage", "undelivered", "partial", "limited", "rejected",
        "dear", "unavailable",
    )
)  # fmt: skip
FAULTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    *(("tron", *fault) for fault in NODE),
    *(("tron2", *fault) for fault in SECOND_NODE),
    *(("wallet-service", *fault) for fault in WALLET_SERVICE),
    *((f"markets/{name}", *fault) for name in MARKETS for fault in MARKET),
)
LASTING = frozenset({"dear", "accounts_stuck"})  # these count nothing
ENDLESS = LASTING | {"never_mined"}
PLACES = ("tron", "tron2", "wallet-service", *(f"markets/{name}" for name in MARKETS))
MIDWAY = (*[""] * 10, *["fork"] * 4, "drain", "drain", "drain", "signer", "postgresql")


class Troubles:
    """`met` counts what struck: a fault that nobody ran into is none."""

    def __init__(self, firm: Firm, chance: Random) -> None:
        self.firm, self.chance = firm, chance
        self.met = Counter[str]()
        self._set = list[tuple[str, str, int]]()

    def begin(self) -> None:
        """Most likely what few have met yet."""
        rare = sorted(FAULTS, key=lambda one: self.chance.random() * (1 + self.met[words_of(*one)]))
        for place, name, options in rare[: self.chance.randint(0, 4)]:
            self.firm.trouble(place, name, **options)
            self._set.append((place, name, options.get("count", 1)))
            if place.startswith("markets"):  # nobody asks the dearer ones
                for other in {f"markets/{market}" for market in MARKETS} - {place}:
                    self.firm.trouble(other, "dear")
        if self.chance.random() < 0.1:
            self.firm.act("fail", count=1)

    @property
    def on(self) -> set[str]:
        """What was broken for this life, and may have struck already."""
        return {f"{place} {name}" for place, name, _count in self._set}

    def midway(self) -> None:
        """While they work."""
        event = self.chance.choice(MIDWAY)
        time.sleep(self.chance.random() * 0.2 if event else 0)
        match event:
            case "drain":
                self.firm.act("drain", account="hot", left_percent=0.4)
            case "fork":
                self._fork()
            case "signer":
                self.firm.restart_signer()
                self.met["signer killed"] += 1
            case "postgresql":
                self._restart_database()

    def ease(self) -> None:
        """What would last for ever is over; the rest may strike whoever brings it to its end."""
        for place, left in self._count(ENDLESS):
            for name in left.keys() - ENDLESS:
                self.firm.trouble(place, name, **left[name])

    def calm(self) -> None:
        for _place, _left in self._count({name for _place, name, _count in self._set}):
            pass
        self.met["receipt that failed"] += sum(self._transactions().values())
        self.firm.act("fail", count=0)

    def _count(self, names: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Which of those have struck; each place is calm then, and what was left there is told."""
        for place in PLACES:
            door = f"/{place}/faults"
            left: dict[str, Any] = self.firm.http.get(door).json()
            self.firm.http.delete(door).raise_for_status()
            for where, name, count in self._set:
                struck = name in LASTING or name not in left or (left[name]["count"] or 0) < count
                if where == place and name in names and struck:
                    self.met[f"{place} {name}"] += 1
            yield place, left
        self._set = [one for one in self._set if one[1] not in names]

    def _fork(self) -> None:
        """As soon as there is something to be lost."""
        deadline = time.monotonic() + 3
        while not self._young() and time.monotonic() < deadline:
            time.sleep(0.02)
        before = self._transactions()
        self.firm.act("fork")
        after = self._transactions()
        self.met["lost by a fork"] += len(before.keys() - after.keys())

    def _young(self) -> bool:
        """Whether a transaction is in a block that is not solid."""
        said = self.firm.http.get("/chain.json").json()
        return any(one["block"] > said["head"]["solid"] for one in said["transactions"])

    def _transactions(self) -> dict[str, bool]:
        found = self.firm.http.get("/chain.json").json()["transactions"]
        return {one["txid"]: bool(one["failed"]) for one in found}

    def _restart_database(self) -> None:
        """As if its machine had lost its power: it recovers from its log."""
        if server.server is None:
            return  # not ours
        connection.close()
        os.kill(server.server.pid, signal.SIGQUIT)
        server.server.wait()
        time.sleep(self.chance.random() * 0.5)
        server.start()
        self.met["PostgreSQL stopped"] += 1


def words_of(place: str, name: str, _options: object) -> str:
    return f"{place} {name}"
