"""The report of a period, on a page."""

from datetime import datetime
from typing import Any

from maintenance.domain.periods import Period
from maintenance.reporting import report_of
from maintenance.screens.routine import NAMES
from maintenance.services.mailing import address_of, readers
from maintenance.services.planning import company_zone
from teams.domain.roles import Action
from teams.models import User


def shown(period: Period, reader: User, *, at: datetime) -> dict[str, Any]:
    later = period.next
    return {
        "report": report_of(period, reader, at=at),
        "name": NAMES[period.frequency],
        "before": address_of(period.before),
        "after": address_of(later) if later.starts(company_zone()) <= at else "",
        "readers": [person.name for person, _address in readers(period.frequency)],
        "paper": f"{address_of(period)}report.pdf" if reader.may(Action.RESPOND) else "",
    }
