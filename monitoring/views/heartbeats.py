from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from monitoring import services
from monitoring.forms_heartbeats import HeartbeatForm
from monitoring.models import HeartbeatMonitor
from monitoring.screens.heartbeats import detail, overview
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def heartbeats(request: HttpRequest) -> HttpResponse:
    context = overview(at=clock.now()) | {"may": signed_in(request).may(Action.COMMAND)}
    return render(request, "monitoring/heartbeats.html", context)


@require_GET
@needs(Action.READ)
def heartbeat(request: HttpRequest, pk: int) -> HttpResponse:
    monitor = get_object_or_404(HeartbeatMonitor.objects.select_related("service"), pk=pk)
    may = signed_in(request).may(Action.COMMAND)
    context = detail(monitor, at=clock.now()) | {"may": may}
    return render(request, "monitoring/heartbeat.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, HeartbeatMonitor(time_zone=signed_in(request).time_zone))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(HeartbeatMonitor, pk=pk))


@require_POST
@needs(Action.COMMAND)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    monitor = get_object_or_404(HeartbeatMonitor, pk=pk)
    services.pause(monitor, on=request.POST.get("on") == "1", at=clock.now())
    return redirect(monitor)


@require_POST
@needs(Action.COMMAND)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    monitor = get_object_or_404(HeartbeatMonitor, pk=pk)
    services.let_go(monitor, at=clock.now())
    messages.success(request, _("Nobody waits for %(name)s any more.") % {"name": monitor.name})
    return redirect("monitoring:heartbeats")


def _form(request: HttpRequest, monitor: HeartbeatMonitor) -> HttpResponse:
    form = HeartbeatForm(request.POST or None, instance=monitor)
    if request.method == "POST" and form.is_valid():
        return redirect(services.keep(form.save(commit=False)))
    status = 400 if form.errors else 200
    return render(request, "monitoring/heartbeat_form.html", {"form": form}, status=status)
