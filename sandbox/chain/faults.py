"""How a node can be wrong: each fault by name, on one node, for some calls or until calmed."""

from collections.abc import Mapping
from dataclasses import dataclass

NAMES = (
    "error_body", "empty", "forbidden", "limited", "unavailable", "slow", "stale", "totals_missing",
    "limit_wrong", "lose_reply", "never_mined", "dup_cache", "wrong_txid", "larger_freeze",
    "accounts_stuck",
)  # fmt: skip
LONGEST = 60.0  # seconds of a slow answer


class Unknown(ValueError):
    """No such fault; the text names those there are."""


@dataclass
class Fault:
    count: int | None = None  # of answers it still strikes
    match: str = ""  # part of the endpoint's name
    delay: float = 3.0
    retry_after: int = 5


class Faults:
    def __init__(self, names: tuple[str, ...] = NAMES) -> None:
        self.names = names
        self._on: dict[str, Fault] = {}

    def set(self, name: str, wish: Mapping[str, object]) -> None:
        """`count`, `match`, `delay` (s), `retry_after` (s); raises Unknown or ValueError."""
        if name not in self.names:
            raise Unknown(f"no such fault; there are {', '.join(self.names)}")
        count = int(str(wish.get("count") or 0))
        delay = float(str(wish.get("delay") or 3))
        if not 0 <= delay <= LONGEST or count < 0:
            raise ValueError(f"delay is at most {LONGEST:g} s, count not below 0")
        after = int(str(wish.get("retry_after") or 5))
        self._on[name] = Fault(count or None, str(wish.get("match") or ""), delay, after)

    def calm(self) -> None:
        self._on.clear()

    def on(self) -> dict[str, Fault]:
        return dict(self._on)

    def strike(self, name: str, endpoint: str) -> Fault | None:
        fault = self._on.get(name)
        if fault is None or fault.match not in endpoint:
            return None
        if fault.count is not None:
            fault.count -= 1
            if not fault.count:
                del self._on[name]
        return fault
