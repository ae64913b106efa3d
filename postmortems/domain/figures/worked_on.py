"""What was noticed while somebody worked on all that it concerns was no failure, but the work."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from monitoring.domain.quiet import WindowRule
from postmortems.domain.figures.cases import Cases, Flags, moment


def within_any(cases: Cases, windows: Sequence[WindowRule]) -> Flags:
    """Noticed in one of these times, whatever is worked on."""
    found = np.zeros(len(cases), np.bool_)
    for one in windows:
        starts, ends = moment(one.starts_at), moment(one.ends_at)
        found |= (cases.detected >= starts) & (cases.detected < ends)
    return found


def worked_on(
    cases: Cases, services: Mapping[int, AbstractSet[int]], windows: Sequence[WindowRule]
) -> Flags:
    """Each of its services is in a window then; a P0 that breaks through it is a failure all the same.

    `services` by number, of those that are within any window. What concerns none is of none.
    """
    found = within_any(cases, windows)
    for place in np.flatnonzero(found).tolist():
        open_then = [
            one
            for one in windows
            if moment(one.starts_at) <= cases.detected[place] < moment(one.ends_at)
            and not (one.p0_breaks_through and cases.severity[place] == "P0")
        ]
        concerned = services.get(int(cases.number[place]), frozenset())
        found[place] = bool(concerned) and all(
            any(not one.services or service in one.services for one in open_then)
            for service in concerned
        )
    return found
