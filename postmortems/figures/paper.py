"""The improvement report as a PDF: the same page in either language, printed as postmortems are."""

from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from postmortems.figures.improvement import Improvement
from postmortems.figures.whole import zone
from postmortems.pdf import UNPRINTABLE
from postmortems.printer import printer

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
    with translation.override(language), timezone.override(zone()):
        return render_to_string("pdf/improvement.html", context).translate(UNPRINTABLE)


def pdf(report: Improvement, *, language: str) -> bytes:
    return printer.to_pdf(html(report, language=language))
