from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import Refused
from statuspage import services
from statuspage.domain.phases import Kind, Phase
from statuspage.forms import MaintenanceForm, PlanForm
from statuspage.models import Notice, Prepared
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def maintain(request: HttpRequest) -> HttpResponse:
    """Maintenance is announced; it begins and ends by itself."""
    form, at = MaintenanceForm(request.POST or None), clock.now()
    if chosen := _chosen(request):
        form = MaintenanceForm(initial=form.begun_with(chosen))
    elif request.method == "POST" and form.is_valid():
        try:
            services.announce(form.work(), by=signed_in(request), at=at)
            messages.success(request, _("Announced. It begins and ends by itself."))
            return redirect("statuspage:list")
        except Refused as refused:
            form.add_error(None, str(refused))
    status = 400 if form.errors else 200
    context = {"form": form, "prepared": Prepared.objects.filter(phase=Phase.SCHEDULED)}
    return render(request, "statuspage/maintain.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """One that is announced: at another time, longer, or not at all."""
    rows = Notice.objects.public().filter(kind=Kind.MAINTENANCE)
    notice = get_object_or_404(rows, public_id=public_id)
    form = PlanForm(request.POST or None, notice=notice)
    if chosen := _chosen(request):
        form = PlanForm(notice=notice, begun=form.begun_with(chosen))
    elif request.method == "POST":
        try:
            if _changed(request, notice, form):
                return redirect("statuspage:list")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form, "notice": notice, "scheduled": notice.phase == Phase.SCHEDULED,
        "longer": services.LONGER, "prepared": Prepared.objects.filter(phase=notice.phase),
    }  # fmt: skip
    return render(request, "statuspage/maintain.html", context, status=400 if form.errors else 200)


def _chosen(request: HttpRequest) -> Prepared | None:
    """Prepared words somebody wants to begin with; what was typed stays."""
    key = request.POST.get("words", "")
    return Prepared.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 10 else None


def _changed(request: HttpRequest, notice: Notice, form: PlanForm) -> bool:
    """False if the form has to be looked at again. Raises `Refused`."""
    seen, by, at = request.POST.get("seen", ""), signed_in(request), clock.now()
    if "cancel" in request.POST:
        services.cancel(notice, seen=seen, by=by, at=at)
        messages.success(request, _("Cancelled. Whoever was told of it is told."))
    elif "extend" in request.POST:
        minutes = request.POST["extend"]
        if not minutes.isdigit():
            return False
        services.extend(notice, int(minutes), seen=seen, by=by, at=at)
        messages.success(request, _("Extended. Customers see it within seconds."))
    elif form.is_valid():
        services.replan(notice, form.work(), seen=seen, by=by, at=at)
        messages.success(request, _("Changed. Customers see it within seconds."))
    else:
        return False
    return True
