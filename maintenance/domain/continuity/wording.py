"""Lengths of time as people say them."""

from datetime import timedelta
from typing import Final

from core.told import Told
from core.told import Told as _

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
