"""Routine work: what was done, what came of it, and once more now."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import Refused
from core.moments import FIRST, LAST
from core.printing.waiting import shown
from maintenance import services
from maintenance.domain.periods import Frequency, Period, period_of
from maintenance.models import Routine, RoutineRun
from maintenance.screens import checklists, routine_report
from maintenance.screens import routine as routines
from maintenance.screens.planned import planned
from maintenance.screens.routine_month import calendar, month_of
from maintenance.services import printing_reports
from maintenance.services.mailing import address_of
from maintenance.services.planning import company_zone
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    month = calendar(month_of(request.GET.get("month", ""), at=at), at=at)
    others = {"checklists": checklists.overview(at=at), "planned": planned(at=at)}
    told = {**routines.overview(signed_in(request), at=at), **month, **others, **_may(request)}
    return _page(request, "routine", told)


@require_GET
@needs(Action.READ)
def job(request: HttpRequest, name: str) -> HttpResponse:
    found = get_object_or_404(Routine.objects.known(), name=name)
    told = routines.job_page(found, signed_in(request), at=clock.now())
    return _page(request, "routine_job", {**told, **_may(request)})


@require_GET
@needs(Action.READ)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    rows = RoutineRun.objects.known().select_related("routine", "by")
    found = get_object_or_404(rows, pk=pk)
    told = routines.run_page(found, signed_in(request), at=clock.now())
    return _page(request, "routine_run", told)


@require_POST
@needs(Action.COMMAND)
def run_now(request: HttpRequest, name: str) -> HttpResponse:
    found = get_object_or_404(Routine.objects.known(), name=name)
    try:
        services.run_now(found, by=signed_in(request), at=clock.database_now())
        messages.success(request, _("It begins within a minute."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found)


@require_GET
@needs(Action.READ)
def report(request: HttpRequest, frequency: str, first: str) -> HttpResponse:
    told = routine_report.shown(_period(frequency, first), signed_in(request), at=clock.now())
    return _page(request, "routine_report", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def report_pdf(request: HttpRequest, frequency: str, first: str) -> HttpResponse:
    """In the reader's language; all that was found is in it."""
    period = _period(frequency, first)
    again = request.method == "POST"
    row = printing_reports.ask(period, get_language() or settings.LANGUAGE_CODE, again=again)
    back = address_of(period)
    before = printing_reports.before(row, at=clock.now())
    return shown(
        request, row, address=f"{back}report.pdf", name=f"routine-{period}.pdf",
        page="maintenance/printing_routine.html",
        said={"before": before, "back": back, "period": period},
    )  # fmt: skip


def _period(frequency: str, first: str) -> Period:
    """The one that holds this day, of years that every calendar knows: nothing is told, or printed, of what comes."""
    try:
        day = date.fromisoformat(first)
        found = period_of(Frequency(frequency), day)
    except ValueError as error:
        raise Http404 from error
    if not FIRST < day.year < LAST or found.starts(company_zone()) > clock.now():
        raise Http404
    return found


def _may(request: HttpRequest) -> dict[str, bool]:
    return {"may": signed_in(request).may(Action.COMMAND)}


def _page(request: HttpRequest, name: str, told: dict[str, Any]) -> HttpResponse:
    return render(request, f"maintenance/{name}.html", told)
