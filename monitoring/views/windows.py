from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import Refused
from monitoring import queries, services
from monitoring.forms import WindowForm
from monitoring.models import MaintenanceWindow
from monitoring.views.silences import ENDED_SHOWN
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def windows(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    rows = MaintenanceWindow.objects.prefetch_related("services")
    over = rows.over(at).order_by("-ends_at")[:ENDED_SHOWN]
    context = {
        "active": queries.with_counts(rows.active(at).order_by("ends_at")),
        "pending": rows.pending(at).order_by("starts_at"),
        "over": [(window, window.ends_at > at) for window in over],
        "may": signed_in(request).may(Action.COMMAND),
    }
    return render(request, "monitoring/windows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def new_window(request: HttpRequest) -> HttpResponse:
    form, at = WindowForm(request.POST or None, initial={"starts_at": clock.now()}), clock.now()
    if request.method == "POST" and form.is_valid():
        try:
            services.plan_maintenance(by=signed_in(request), at=at, **form.cleaned_data)
            return redirect("monitoring:windows")
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request, "monitoring/window.html", {"form": form}, status=400 if form.errors else 200
    )


@require_POST
@needs(Action.COMMAND)
def end_window(request: HttpRequest, pk: int) -> HttpResponse:
    if not services.end_early(get_object_or_404(MaintenanceWindow, pk=pk), at=clock.now()):
        messages.info(request, _("This maintenance was over already."))
    return redirect("monitoring:windows")


@require_POST
@needs(Action.COMMAND)
def take_window_back(request: HttpRequest, pk: int) -> HttpResponse:
    if not services.take_back(get_object_or_404(MaintenanceWindow, pk=pk), at=clock.now()):
        messages.info(request, _("Its time has passed: make a new one."))
    return redirect("monitoring:windows")
