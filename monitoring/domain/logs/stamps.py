"""When a line says that it was written: a backlog that is read at once did not happen at once."""

from datetime import UTC, datetime, timedelta
from typing import Final

from monitoring.domain.logs.expressions import expression

HEAD: Final = 80  # bytes
STAMP: Final = expression(
    rb"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,6})\d*)?(?: ?(Z|[+-]\d\d:?\d\d))?"
)


def said(line: bytes, *, read: float) -> float:
    """Seconds; the moment of reading for a line that does not say it, or says what cannot be.

    Without a zone it is taken as UTC: a rate asks for differences only, and a clock that differs
    differs alike for all lines of a log.
    """
    found = STAMP.search(line[:HEAD])
    if not found:
        return read
    day, time, fraction, zone = (part.decode() if part else "" for part in found.groups())
    try:
        moment = datetime.fromisoformat(f"{day}T{time}{zone or 'Z'}").astimezone(UTC)
    except (ValueError, OverflowError):
        return read
    return (moment + timedelta(microseconds=int(fraction.ljust(6, "0") or 0))).timestamp()
