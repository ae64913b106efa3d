"""The capacities as they are printed: a list, and a page of each that is foreseen."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from core.printing.page import counting_words, page, read_in
from maintenance.screens.capacity import detail, overview

TALL: Final = 200.0  # that all of a resource is on one page


def html(*, at: datetime, language: str) -> str:
    zone = ZoneInfo(settings.TIME_ZONE)
    with read_in(language, zone):
        listed = overview(at=at, zone=zone)
        before, between, after = counting_words()
        said = {
            **listed,
            "sheets": [
                detail(row.capacity, at=at, zone=zone, height=TALL)
                for row in listed["rows"]
                if row.chart
            ],
            "at": at,
            "company": settings.COMPANY,
            "language": language,
            "page_before": before,
            "page_between": between,
            "page_after": after,
        }
    return page("pdf/capacity.html", said, language=language, zone=zone)
