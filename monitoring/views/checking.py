import socket

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import Refused
from monitoring import services
from monitoring.forms_checks import BothForms
from monitoring.models import Check
from monitoring.registry import collectors
from monitoring.screens import checks as screens
from monitoring.taking import tried
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def checks(request: HttpRequest) -> HttpResponse:
    context = screens.listed(page=request.GET.get("page", ""), at=clock.now()) | _may(request)
    return render(request, "monitoring/checks.html", context)


@require_GET
@needs(Action.READ)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Check.objects.select_related("service"), pk=pk)
    context = screens.detail(found, at=clock.now()) | _may(request)
    return render(request, "monitoring/check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.ADMINISTER)
def new(request: HttpRequest) -> HttpResponse:
    """First what is read, then how."""
    name = request.GET.get("collector", "")
    if not name:
        offered = sorted(
            ((one, collectors[one]) for one in collectors), key=lambda pair: str(pair[1].title)
        )
        return render(request, "monitoring/check_choose.html", {"offered": offered})
    if name not in collectors:
        raise Http404
    collector = collectors[name]
    host = socket.gethostname() if collector.here else ""
    return _form(request, Check(collector=name, kind=collector.kind, host=host))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.ADMINISTER)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Check, pk=pk)
    if found.collector not in collectors:
        raise Http404
    return _form(request, found)


@require_POST
@needs(Action.ADMINISTER)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Check, pk=pk)
    services.pause_check(found, on=request.POST.get("on") == "1", at=clock.now())
    return redirect(found)


@require_POST
@needs(Action.ADMINISTER)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Check, pk=pk)
    services.remove_check(found, at=clock.now())
    messages.success(request, _("%(name)s is not checked any more.") % {"name": found.name})
    return redirect("monitoring:checks")


def _form(request: HttpRequest, found: Check) -> HttpResponse:
    trying = "try" in request.POST
    forms = BothForms(found, request.POST or None, trying=trying)
    context = {"forms": forms, "check": found, "title": forms.collector.title}
    if request.method != "POST":
        return render(request, "monitoring/check_form.html", context)
    if trying and forms.own.is_valid():
        return render(request, "monitoring/check_form.html", context | _tried(forms))
    if not trying and forms.is_valid():
        return redirect(services.keep_check(forms.filled(), at=clock.now()))
    return render(request, "monitoring/check_form.html", context, status=400)


def _tried(forms: BothForms) -> dict[str, object]:
    """What it would read, before anything is kept."""
    try:
        outcome = tried(forms.check.collector, forms.own.cleaned_data, timeout=forms.timeout)
    except Refused as refusal:
        return {"refused": str(refusal)}
    return {"outcome": outcome, "readings": screens.shown(outcome.readings)}


def _may(request: HttpRequest) -> dict[str, bool]:
    return {"may": signed_in(request).may(Action.ADMINISTER)}
