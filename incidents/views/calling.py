from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from incidents import services
from incidents.forms_calls import CallForm
from incidents.models import Incident
from incidents.views.acting import act, act_on_form, form_page
from teams.access import needs
from teams.domain.roles import Action

BACK, PAGE = "#team", "incidents/call.html"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def call(request: HttpRequest, number: int) -> HttpResponse:
    incident = get_object_or_404(Incident, pk=number)
    if request.method != "POST":
        form = CallForm(incident, q=request.GET.get("q", ""))
        return form_page(request, number, form, page=PAGE)
    form = CallForm(incident, request.POST)
    return act_on_form(request, number, form, services.call_in, back=BACK, page=PAGE)


@require_POST
@needs(Action.RESPOND)
def decline(request: HttpRequest, number: int) -> HttpResponse:
    words = request.POST.get("words", "")
    return act(request, number, services.decline, words=words)


@require_POST
@needs(Action.RESPOND)
def next_step(request: HttpRequest, number: int) -> HttpResponse:
    """`seen` is what the button knew: pressed twice, or after the tick, it calls nobody twice."""
    seen = request.GET.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else -1
    return act(request, number, services.call_next_now, seen=known)
