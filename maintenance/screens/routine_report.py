"""The report of a period, on a page and on paper."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from core.printing.page import page
from core.printing.printer import printer
from maintenance.domain.periods import Period
from maintenance.reporting import report_of
from maintenance.screens.routine import NAMES
from maintenance.services.mailing import address_of
from maintenance.services.planning import company_zone


def shown(period: Period, *, at: datetime) -> dict[str, Any]:
    later = period.next
    return {
        "report": report_of(period),
        "name": NAMES[period.frequency],
        "before": address_of(period.before),
        "after": address_of(later) if later.starts(company_zone()) <= at else "",
    }


def pdf(shown: dict[str, Any]) -> bytes:
    language = get_language() or settings.LANGUAGE_CODE
    context = {**shown, "company": settings.COMPANY, "language": language}
    html = page("pdf/routine.html", context, language=language, zone=company_zone())
    return printer.to_pdf(html)
