from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core import clock
from postmortems.domain.figures.cases import Clock
from postmortems.domain.figures.comparing import Compared
from postmortems.figures import words
from postmortems.figures.behind import behind, rows
from postmortems.figures.exporting import csv_of
from postmortems.figures.models import ImprovementReport
from postmortems.figures.screen import Asked, page
from postmortems.figures.whole import last
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def figures(request: HttpRequest) -> HttpResponse:
    context = page(Asked.read(request.GET.dict()), at=clock.now())
    return render(request, "figures/figures.html", context)


@require_GET
@needs(Action.READ)
def incidents(request: HttpRequest) -> HttpResponse:
    asked, at = Asked.read(request.GET.dict()), clock.now()
    whole = last(asked.days, at=at, service=asked.service)
    by, key = request.GET.get("by", ""), request.GET.get("key", "")
    shown, found = rows(behind(whole, by, key, at=at), page=request.GET.get("page", "1"), at=at)
    clocks = [words.NAMES[Compared(one)] for one in Clock]
    context = {"asked": asked, "page": shown, "rows": found, "clocks": clocks}
    return render(request, "figures/incidents.html", context)


@require_GET
@needs(Action.READ)
def export(request: HttpRequest) -> HttpResponse:
    asked, at = Asked.read(request.GET.dict()), clock.now()
    whole = last(asked.days, at=at, service=asked.service)
    response = HttpResponse(csv_of(whole), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{asked.days}-days.csv"'
    return response


@require_GET
@needs(Action.READ)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(ImprovementReport, pk=pk)
    response = HttpResponse(bytes(kept.pdf), content_type="application/pdf")
    name = f"improvement-{kept.until:%Y-%m}-{kept.days}-{kept.language}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
