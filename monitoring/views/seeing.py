from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import clock
from monitoring.domain import ranges
from monitoring.models import Metric
from monitoring.screens import explore as exploring
from monitoring.screens import hosts as machines
from monitoring.screens import metric as one
from monitoring.screens import metrics as screen
from monitoring.screens.overview import overview as lights
from monitoring.screens.overview import version
from teams.access import needs, signed_in
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
    user = signed_in(request)
    context = one.detail(found, shown, at=at, zone=zone) | {
        "version": current,
        "may_rule": user.may(Action.COMMAND),
        "may_judge": user.may(Action.COMMAND),
        "may_say": user.may(Action.RESPOND),
    }
    part = "#live" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"monitoring/metric.html{part}", context)


@require_GET
@needs(Action.READ)
def explore(request: HttpRequest) -> HttpResponse:
    at, zone = clock.now(), timezone.get_current_timezone()
    asked = exploring.Asked.read(request.GET, at=at, zone=zone)
    context = exploring.explored(asked, at=at, zone=zone)
    return render(request, "monitoring/explore.html", context)


@require_GET
@needs(Action.READ)
def hosts(request: HttpRequest) -> HttpResponse:
    words, page = request.GET.get("q", "").strip()[:200], request.GET.get("page", "1")
    part = "#rows" if request.htmx else ""  # type: ignore[attr-defined]
    context = machines.listed(words, page=page, at=clock.now())
    return render(request, f"monitoring/hosts.html{part}", context)


@require_GET
@needs(Action.READ)
def host(request: HttpRequest, host: str) -> HttpResponse:
    at, zone = clock.now(), timezone.get_current_timezone()
    shown = ranges.read(request.GET, at=at, zone=zone)
    context = machines.detail(host, shown, at=at, zone=zone)
    if context is None:
        raise Http404
    return render(request, "monitoring/host.html", context)
