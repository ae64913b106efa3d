"""What fails because something under it fails, and should not call people a second time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core.severity import Severity
from teams.domain.dependence import Graph, depths

DOWN: Final = frozenset(
    {Severity.P0, Severity.P1}
)  # what an alert must be to say that a service is down
AFTERMATH: Final = timedelta(minutes=2)  # what stood on it may need so long to be well again
LOOKED_AT_AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Trouble:
    """An alert that calls, by the service it is about."""

    alert: int
    service: int
    severity: str

    @property
    def means_down(self) -> bool:
        return self.severity in DOWN


def cause_of(service: int, severity: str, troubles: Iterable[Trouble], graph: Graph) -> int | None:
    """The alert because of which one of this service need not call; None when it must.

    The lowest that is down, then the gravest, then the oldest. Nothing keeps an alert quiet that is
    graver than itself: people would learn too late how bad it is.
    """
    below = depths(service, graph)
    causes = [
        one
        for one in troubles
        if one.service in below and one.means_down and one.severity <= severity
    ]
    lowest = min(
        causes, key=lambda one: (-below[one.service], one.severity, one.alert), default=None
    )
    return lowest.alert if lowest else None
