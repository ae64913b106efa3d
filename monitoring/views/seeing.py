from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from monitoring.screens import metrics as screen
from monitoring.screens.overview import overview as lights
from monitoring.screens.overview import version
from teams.access import needs
from teams.domain.roles import Action

NO_NEWS = 204


@require_GET
@needs(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    if request.GET.get("v") == version(at=at):
        return HttpResponse(status=NO_NEWS)
    part = "#live" if request.htmx else ""  # type: ignore[attr-defined]
    context = lights(at=at) | {"base_url": settings.BASE_URL}
    return render(request, f"monitoring/overview.html{part}", context)


@require_GET
@needs(Action.READ)
def metrics(request: HttpRequest) -> HttpResponse:
    filters = screen.Filters.read(request.GET)
    context = screen.listed(filters, page=request.GET.get("page", "1"), at=clock.now())
    part = "#rows" if request.htmx else ""  # type: ignore[attr-defined]
    context |= {"base_url": settings.BASE_URL}
    return render(request, f"monitoring/metrics.html{part}", context)
