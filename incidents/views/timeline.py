from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from incidents import services
from incidents.domain.story import Reading
from incidents.forms import NoteForm, PinForm
from incidents.views.acting import act, act_on_form
from teams.access import needs
from teams.domain.roles import Action


@require_POST
@needs(Action.RESPOND)
def note(request: HttpRequest, number: int) -> HttpResponse:
    return act_on_form(request, number, NoteForm(request.POST), services.note)


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
