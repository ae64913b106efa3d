"""One time beside another, figure by figure; less is better for each of them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from postmortems.domain.figures.cases import Cases, Clock, Window, lengths
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
    now: tuple[Cases, Window], before: tuple[Cases, Window], *, at: datetime
) -> Mapping[Compared, Change]:
    sides = ours, theirs = now[0].within(now[1]), before[0].within(before[1])
    answered = [(int(some.answered_late.sum()), len(some)) for some in sides]
    late = [(int(some.missed(at=at).sum()), len(some)) for some in sides]
    return {
        Compared.INCIDENTS: of_counts(len(ours), now[1].days, len(theirs), before[1].days),
        **{
            Compared(clock): of_means(lengths(ours, clock), lengths(theirs, clock), "s")
            for clock in Clock
        },
        Compared.ANSWERED_LATE: of_shares(*answered),
        Compared.RESOLVED_LATE: of_shares(*late),
    }
