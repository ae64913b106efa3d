"""One time beside another, figure by figure; less is better for each of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from postmortems.domain.figures.cases import Case, Clock, Window, lengths, within
from postmortems.domain.figures.changes import Change, of_counts, of_means, of_shares


class Compared(StrEnum):
    INCIDENTS = "incidents"
    DETECT = Clock.DETECT
    ACKNOWLEDGE = Clock.ACKNOWLEDGE
    MITIGATE = Clock.MITIGATE
    RESOLVE = Clock.RESOLVE
    ANSWERED_LATE = "answered_late"
    RESOLVED_LATE = "resolved_late"


def compare(
    now: tuple[Sequence[Case], Window], before: tuple[Sequence[Case], Window], *, at: datetime
) -> Mapping[Compared, Change]:
    ours, theirs = within(*now), within(*before)
    late, answered = [], []
    for some in (ours, theirs):
        late.append((sum(one.missed(at=at) for one in some), len(some)))
        answered.append((sum(one.answered_late for one in some), len(some)))
    return {
        Compared.INCIDENTS: of_counts(len(ours), now[1].days, len(theirs), before[1].days),
        **{
            Compared(clock): of_means(lengths(ours, clock), lengths(theirs, clock), "s")
            for clock in Clock
        },
        Compared.ANSWERED_LATE: of_shares(*answered),
        Compared.RESOLVED_LATE: of_shares(*late),
    }
