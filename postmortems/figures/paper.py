"""The improvement report as a PDF: the same page in either language, printed as postmortems are."""

from typing import Final

from django.conf import settings

from core.printing.page import page
from core.printing.printer import printer
from postmortems.figures.improvement import Improvement
from postmortems.figures.whole import zone

SHOWN: Final = 12  # services and people, whoever needs a look first


def html(report: Improvement, *, language: str) -> str:
    services = sorted(report.now.services, key=lambda one: -(one.kept.burn.value or 0))
    context = {
        "report": report,
        "services": services[:SHOWN],
        "people": report.now.people[:SHOWN],
        "company": settings.COMPANY,
        "language": language,
    }
    return page("pdf/improvement.html", context, language=language, zone=zone())


def pdf(report: Improvement, *, language: str) -> bytes:
    return printer.to_pdf(html(report, language=language))
