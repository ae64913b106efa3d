from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import Refused
from core.printing.waiting import shown
from maintenance import services
from maintenance.models import Capacity, Routine, RoutineRun
from maintenance.screens import backups as backups_screen
from maintenance.screens import capacity as screen
from maintenance.screens import checklists
from maintenance.screens import routine as routines
from maintenance.screens.planned import planned
from maintenance.services import printing
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    told = screen.overview(at=clock.now(), zone=timezone.get_current_timezone())
    return _page(request, "capacities", told)


@require_GET
@needs(Action.READ)
def capacity(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Capacity.objects.select_related("metric__service", "price", "forecast")
    found = get_object_or_404(rows, pk=pk)
    told = screen.detail(found, at=clock.now(), zone=timezone.get_current_timezone())
    return _page(request, "capacity", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.READ)
def capacity_pdf(request: HttpRequest) -> HttpResponse:
    """In the reader's language, unless asked for in the other."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else get_language() or "ko"
    row = printing.ask(language, again=request.method == "POST")
    address = f"{reverse('maintenance:capacity_pdf')}?language={language}"
    said = {"before": printing.before(row), "back": reverse("maintenance:capacities")}
    return shown(
        request, row, address=address, name="capacity.pdf", page="maintenance/printing.html", said=said
    )  # fmt: skip


@require_GET
@needs(Action.READ)
def routine(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        "routine",
        {
            **routines.overview(at=clock.now()),
            **_may(request),
            "checklists": checklists.overview(at=clock.now()),
            "planned": planned(at=clock.now()),
        },
    )


@require_GET
@needs(Action.READ)
def job(request: HttpRequest, name: str) -> HttpResponse:
    found = get_object_or_404(Routine.objects.known(), name=name)
    told = routines.job_page(found, at=clock.now())
    return _page(request, "routine_job", {**told, **_may(request)})


@require_GET
@needs(Action.READ)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    rows = RoutineRun.objects.known().select_related("routine", "by")
    return _page(request, "routine_run", routines.run_page(get_object_or_404(rows, pk=pk)))


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


def _may(request: HttpRequest) -> dict[str, bool]:
    return {"may": signed_in(request).may(Action.COMMAND)}


@require_GET
@needs(Action.READ)
def backups(request: HttpRequest) -> HttpResponse:
    shown = backups_screen.overview(at=clock.now(), zone=timezone.get_current_timezone())
    return _page(request, "backups", shown)


def _page(request: HttpRequest, name: str, shown: dict[str, Any]) -> HttpResponse:
    return render(request, f"maintenance/{name}.html", shown)
