"""Ways for the outside world to misbehave, one switch per simulated party."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

LONGEST_DELAY = 120.0


class Mode(StrEnum):
    OK = "ok"
    FAIL = "fail"
    REJECT = "reject"
    RATELIMIT = "ratelimit"
    HANG = "hang"
    SLOW = "slow"
    DROP = "drop"
    GARBAGE = "garbage"
    LOSE = "lose"


# These took the message in, so it is in the inbox even when the sender never learns of it.
KEEPS = frozenset({Mode.OK, Mode.SLOW, Mode.DROP})


class BadFault(Exception):
    """The wished fault makes no sense; the text says why."""


@dataclass(frozen=True)
class Fault:
    """`count` is how many more sends it strikes (None: until changed); `match` is a part of the
    recipient; `reads` makes look-ups (histories, lists) suffer too, without using up the count."""

    mode: Mode = Mode.OK
    delay: float = 3.0
    retry_after: int = 30
    count: int | None = None
    match: str = ""
    reads: bool = False

    @classmethod
    def wished(cls, wish: Mapping[str, Any]) -> "Fault":
        unknown = wish.keys() - cls.__dataclass_fields__.keys()
        if unknown:
            raise BadFault(f"unknown option {min(unknown)!r}")
        return cls(
            mode=_mode(wish.get("mode", Mode.OK)),
            delay=_number(wish, "delay", default=3.0, most=LONGEST_DELAY),
            retry_after=int(_number(wish, "retry_after", default=30, most=86400)),
            count=int(_number(wish, "count", default=0, most=1_000_000)) or None,
            match=str(wish.get("match") or ""),
            reads=bool(wish.get("reads")),
        )

    def strikes(self, to: str) -> bool:
        return self.mode is not Mode.OK and self.match.casefold() in to.casefold()

    def spent(self) -> "Fault":
        if self.count is None:
            return self
        return replace(self, count=self.count - 1) if self.count > 1 else CALM

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


CALM = Fault()


class Faults:
    def __init__(self, switches: Iterable[str]) -> None:
        self._set = dict.fromkeys(switches, CALM)
        self.changes = 0

    def all(self) -> dict[str, Fault]:
        return dict(self._set)

    def set(self, switch: str, fault: Fault) -> None:
        """Raises KeyError for a switch no party has."""
        if switch not in self._set:
            raise KeyError(switch)
        self._change(switch, fault)

    def calm(self) -> None:
        for switch in self._set:
            self._change(switch, CALM)

    def strike(self, switch: str, to: str, *, among: Iterable[Mode] = Mode) -> Fault:
        """The fault that hits this send now, if any; it uses up one of its count."""
        fault = self._set[switch]
        if fault.mode not in among or not fault.strikes(to):
            return CALM
        if fault.count is not None:
            self._change(switch, fault.spent())
        return fault

    def strike_reading(self, switch: str, to: str = "") -> Fault:
        fault = self._set[switch]
        return fault if fault.reads and fault.strikes(to) else CALM

    def _change(self, switch: str, fault: Fault) -> None:
        self._set[switch] = fault
        self.changes += 1


def _mode(given: object) -> Mode:
    try:
        return Mode(str(given))
    except ValueError:
        raise BadFault(f"mode must be one of {', '.join(Mode)}, not {given!r}") from None


def _number(wish: Mapping[str, Any], name: str, *, default: float, most: float) -> float:
    given = wish.get(name)
    if given is None or given == "":
        return default
    try:
        number = float(given)
    except (TypeError, ValueError):
        raise BadFault(f"{name} must be a number, not {given!r}") from None
    if not 0 <= number <= most:
        raise BadFault(f"{name} must be between 0 and {most:g}")
    return number
