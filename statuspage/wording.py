"""The page's own words, in the language that is active."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from core import durations
from statuspage.domain.bars import Run
from statuspage.domain.board import Past
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import Text, in_words
from statuspage.domain.states import Overall, State
from statuspage.domain.uptime import Tally

SENTENCES: Final[dict[str, Promise]] = {
    Overall.OPERATIONAL.name: gettext_lazy("Everything works."),
    Overall.MAINTENANCE.name: gettext_lazy("Some services are under maintenance."),
    Overall.PARTLY_DEGRADED.name: gettext_lazy("Some services are slow."),
    Overall.DEGRADED.name: gettext_lazy("All services are slow."),
    Overall.MINOR.name: gettext_lazy("Some services work only in part."),
    Overall.PARTIAL.name: gettext_lazy("Some services are down."),
    Overall.MAJOR.name: gettext_lazy("All services are down."),
}
STATES: Final[dict[str, Promise]] = {
    State.OPERATIONAL: pgettext_lazy("status page", "Operational"),
    State.UNKNOWN: pgettext_lazy("status page", "No record"),
    State.MAINTENANCE: pgettext_lazy("status page", "Maintenance"),
    State.DEGRADED: pgettext_lazy("status page", "Degraded"),
    State.PARTIAL: pgettext_lazy("status page", "Partial outage"),
    State.MAJOR: pgettext_lazy("status page", "Major outage"),
}
PHASES: Final[dict[str, Promise]] = {
    Phase.INVESTIGATING: pgettext_lazy("status page", "Investigating"),
    Phase.IDENTIFIED: pgettext_lazy("status page", "Identified"),
    Phase.MONITORING: pgettext_lazy("status page", "Monitoring"),
    Phase.RESOLVED: pgettext_lazy("status page", "Resolved"),
    Phase.POSTMORTEM: pgettext_lazy("status page", "Review"),
    Phase.SCHEDULED: pgettext_lazy("status page", "Scheduled"),
    Phase.IN_PROGRESS: pgettext_lazy("status page", "In progress"),
    Phase.VERIFYING: pgettext_lazy("status page", "Verifying"),
    Phase.COMPLETED: pgettext_lazy("status page", "Completed"),
    Phase.MERGED: pgettext_lazy("status page", "Merged"),
    Phase.CANCELLED: pgettext_lazy("status page", "Cancelled"),
}

REASONS: Final[dict[str, Promise]] = {  # for which a month was put right
    "incident": gettext_lazy("An incident was told later than it was."),
    "maintenance": gettext_lazy("A maintenance was told later than it was."),
    "person": gettext_lazy("Recorded by a person."),
    "backfill": gettext_lazy("It was added later."),
    "unwatched": gettext_lazy("Nobody was watching, as we found out later."),
    "first_day": gettext_lazy("Another day is the first one on which it was known."),
}

DAY: Final = 86_400


def in_both(said: Callable[[], str]) -> tuple[str, str]:
    """Korean and English, of what the portal says by itself."""
    with translation.override("ko"):
        korean = said()
    with translation.override("en"):
        return korean, said()


def time(at: datetime, zone: str) -> str:
    there = at.astimezone(ZoneInfo(zone))
    return f"{date_format(there, 'MONTH_DAY_FORMAT')} {there:%H:%M}"


def times(begin: datetime, end: datetime, zone: str) -> str:
    """The day once, if it ends on the day it begins."""
    first, last = (one.astimezone(ZoneInfo(zone)) for one in (begin, end))
    until = f"{last:%H:%M}" if first.date() == last.date() else time(last, zone)
    return f"{time(first, zone)} – {until} ({first:%Z})"


MARKS: Final[dict[str, Promise]] = {"ko": gettext_lazy("[Korean]"), "en": gettext_lazy("[English]")}


def marked(of: Text) -> str:
    """In the reader's language; in another it begins with which one that is, where no attribute can say it."""
    reader = get_language() or "ko"
    words, language = in_words(of, reader)
    return words if language == reader or not words else f"{MARKS[language]} {words}"


def lasting(seconds: float) -> str:
    return durations.words(timedelta(seconds=seconds), language=get_language() or "ko")


def day(of: Run) -> str:
    """A piece of a bar, for whoever reads or hears it."""
    when, state = days(of), STATES[of.state]
    return f"{when} {state}" if of.is_plain else f"{when} {state} {lasting(of.seconds)}"


def counted(runs: Sequence[Run]) -> str:
    """How many days were how, the gravest first."""
    lengths = Counter[State]()
    for run in runs:
        lengths[run.state] += run.length
    return " · ".join(
        f"{STATES[one]} {lasting(DAY * lengths[one])}" for one in reversed(State) if lengths[one]
    )


def days(of: Past | Run) -> str:
    first, last = (date_format(one, "MONTH_DAY_FORMAT") for one in (of.first, of.last))
    return first if of.first == of.last else f"{first} – {last}"


def availability(sums: Tally, weights: dict[State, int]) -> str:
    """Rounded down, so that 100 % means that nothing was down; nothing is said of what nobody knows."""
    return percent(sums.hundredths(weights))


def percent(hundredths: int | None) -> str:
    return _("no record") if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02} %"


def happened(sums: Tally) -> str:
    """For how long it was otherwise than operational, the gravest first."""
    return " · ".join(
        f"{STATES[state]} {lasting(sums.seconds[state])}"
        for state in reversed(State)
        if state is not State.OPERATIONAL and sums.seconds.get(state)
    )
