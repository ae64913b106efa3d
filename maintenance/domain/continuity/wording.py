"""Lengths of time as people say them."""

from datetime import timedelta
from typing import Final

from core.told import Joined, Told
from core.told import Told as _
from maintenance.domain.continuity.times import Span

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)


def length(span: timedelta) -> Told:
    """In its greatest unit that leaves at least two of it, so that 26 hours do not become one day."""
    if span >= 2 * DAY:
        return _("%(count)s days", count=span // DAY)
    if span >= 2 * HOUR or span == HOUR:
        return _("%(count)s h", count=round(span / HOUR))
    if span >= 2 * MINUTE or span == MINUTE:
        return _("%(count)s min", count=round(span / MINUTE))
    return _("%(count)s s", count=round(span.total_seconds()))


def ranged(span: Span) -> Told:
    """Once, where both ends are said alike."""
    least, most = length(span.least), length(span.most)
    return most if str(least) == str(most) else Joined([least, most], by=" – ")
