"""Which alerts call people for nothing, and what would help."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FEW: Final = 3  # so few alerts prove nothing
ENDS_BY_ITSELF: Final = 5  # minutes


class Remedy(StrEnum):
    NONE = ""
    DAMP = "damp"  # it comes and goes
    WAIT = "wait"  # it ends by itself
    UNROUTE = "unroute"  # people silence it
    LOWER = "lower"  # nobody ever does anything


@dataclass(frozen=True)
class Tally:
    """One alert of one sender, over the time looked at."""

    name: str
    integration: str
    alerts: int
    idle: int  # led to nothing that a person did
    quick: int  # ended by themselves within minutes
    flapping: int
    silenced: int
    teams: tuple[int, ...] = ()  # to which routes sent it

    @property
    def idle_share(self) -> int:
        return _share(self.idle, self.alerts)

    @property
    def remedy(self) -> Remedy:
        if self.idle < FEW or self.idle_share < 50:
            return Remedy.NONE
        if _share(self.flapping, self.alerts) >= 20:
            return Remedy.DAMP
        if _share(self.silenced, self.alerts) >= 30:
            return Remedy.UNROUTE
        return Remedy.WAIT if _share(self.quick, self.alerts) >= 50 else Remedy.LOWER


def _share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
