from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from incidents import services
from incidents.domain.story import Reading
from incidents.forms import NoteForm, PinForm
from incidents.models import Incident
from incidents.screens.room.page import older_lines
from incidents.screens.room.viewer import Standing
from incidents.services.asking import Answers
from incidents.views.acting import act, act_on_form
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@never_cache
@needs(Action.READ)
def older(request: HttpRequest, number: int) -> HttpResponse:
    """The next lines below; for who has no scripts they are a page of the room."""
    incident = get_object_or_404(Incident, pk=number)
    reading = Reading.read(request.GET.dict())
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{incident.get_absolute_url()}?{reading.query}")
    # What has been unfolded before stays the bound; these lines reach below it.
    viewer = Standing.of(incident, Answers.to(incident)).viewer(signed_in(request))
    context = older_lines(incident, viewer, replace(reading, down_to=None))
    context["floor"] = reading.down_to or reading.before
    context["first"] = reading.down_to is None
    return render(request, "incidents/room/_older.html", context)


@require_POST
@needs(Action.RESPOND)
def note(request: HttpRequest, number: int) -> HttpResponse:
    answer = act_on_form(request, number, NoteForm(request.POST), services.note)
    if request.htmx and answer.status_code == 200:  # type: ignore[attr-defined]
        answer.write(
            render_to_string("incidents/room/_noted.html")
        )  # a phone shows no timeline there
    return answer


@require_POST
@needs(Action.RESPOND)
def pin(request: HttpRequest, number: int) -> HttpResponse:
    return _mark(request, number, services.pin)


@require_POST
@needs(Action.RESPOND)
def unpin(request: HttpRequest, number: int) -> HttpResponse:
    return _mark(request, number, services.unpin)


def _mark(request: HttpRequest, number: int, service: Callable[..., Any]) -> HttpResponse:
    form = PinForm(request.POST)
    seq = form.cleaned_data["seq"] if form.is_valid() else 0
    back = f"?{Reading.read(request.POST.dict()).query}#event-{seq}"
    return act(request, number, service, seq=seq, back=back)
