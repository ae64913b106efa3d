from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import clock
from monitoring.domain import ranges
from monitoring.models import Metric
from monitoring.screens import metric as one
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


@require_GET
@needs(Action.READ)
def metric(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Metric.objects.select_related("service"), pk=pk)
    at, zone = clock.now(), timezone.get_current_timezone()
    shown = ranges.read(request.GET, at=at, zone=zone)
    current = one.version(found, shown, at=at)
    if request.GET.get("v") == current:
        return HttpResponse(status=NO_NEWS)
    context = one.detail(found, shown, at=at, zone=zone) | {"version": current}
    part = "#live" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"monitoring/metric.html{part}", context)
