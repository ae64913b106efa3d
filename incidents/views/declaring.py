"""Declaring an incident, with a severity suggested while one writes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from incidents import services
from incidents.forms import DeclareForm
from incidents.models import SeverityPolicy
from incidents.screens.told import told
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def declare(request: HttpRequest) -> HttpResponse:
    form = DeclareForm(request.POST or None)
    if (
        "suggest" in request.POST
    ):  # without JavaScript one asks with a button: no field is wrong yet
        return _page(request, form.unjudged(), _suggested(form))
    if form.is_valid():
        incident = services.declare(by=signed_in(request), at=clock.now(), **form.cleaned_data)
        return redirect(incident)
    return _page(request, form, _suggested(form), status=400 if form.errors else 200)


@require_POST
@needs(Action.RESPOND)
def suggestion(request: HttpRequest) -> HttpResponse:
    """Asked for while one writes: what is not right yet is left out."""
    context = {"suggested": _suggested(DeclareForm(request.POST))}
    return render(request, "incidents/declare.html#suggestion", context)


def _page(
    request: HttpRequest,
    form: DeclareForm,
    suggested: services.Suggested | None,
    *,
    status: int = 200,
) -> HttpResponse:
    policies = list(SeverityPolicy.objects.all())
    heard = told(policies)
    levels = [(policy, heard[policy.severity].always) for policy in policies]
    context = {"form": form, "policies": levels, "suggested": suggested}
    return render(request, "incidents/declare.html", context, status=status)


def _suggested(form: DeclareForm) -> services.Suggested | None:
    if not form.is_bound:
        return None
    form.is_valid()
    said = {name: form.cleaned_data[name] for name in form.DESCRIBES if name in form.cleaned_data}
    return services.suggested_for(**said)
