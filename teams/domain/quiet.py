"""Quiet hours: when a person is not to be disturbed by what is not grave."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(at: datetime, *, begins: time, ends: time, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet time that this moment lies in, or None. Hours are local, by day.

    On the night a clock is set back the later of the two equal hours counts, if the first is over.
    """
    local = at.astimezone(zone)
    clock, day = time(local.hour, local.minute, local.second), local.date()
    over_night = begins > ends
    if over_night and clock >= begins:
        day += timedelta(days=1)
    elif not (clock < ends and (over_night or clock >= begins)):
        return None
    end = datetime.combine(day, ends, zone)
    return end if end > at else end.replace(fold=1)
