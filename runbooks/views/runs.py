from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core import clock
from core.leafing import Leaves
from runbooks import run_queries
from runbooks.models import Run, Runbook, RunStep
from runbooks.screens.books import row_of
from runbooks.screens.run import run_page, version_of
from teams.access import needs, signed_in
from teams.domain.roles import Action as May

A_PAGE = 50


@require_GET
@needs(May.READ)
def every(request: HttpRequest) -> HttpResponse:
    rows: QuerySet[Run] = run_queries.runs()
    key = request.GET.get("runbook", "").replace("\0", "")
    if book := Runbook.objects.filter(key=key).first():
        rows = rows.filter(version__runbook=book)
    asked = request.GET.get("page", "1")
    page = Leaves(rows, A_PAGE, asked=asked).get_page(asked)
    context = {"page": page, "rows": [row_of(run) for run in page], "book": book}
    return render(request, "runbooks/runs.html", context)


@require_GET
@needs(May.READ)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(run_queries.runs(), pk=pk)
    is_update = bool(request.headers.get("HX-Request"))
    if is_update and request.GET.get("v") == version_of(run):
        return HttpResponse(status=204)
    context = run_page(run, signed_in(request), at=clock.now(), lane=request.GET.get("lane", ""))
    return render(request, "runbooks/run.html#live" if is_update else "runbooks/run.html", context)


@require_GET
@needs(May.READ)
def output(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Whole, as plain text."""
    found = get_object_or_404(RunStep, run=pk, pk=step)
    return HttpResponse(found.output, content_type="text/plain; charset=utf-8")
