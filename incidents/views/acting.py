from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import (
    HttpResponseClientRedirect,
    HttpResponseClientRefresh,
    trigger_client_event,
)

from core import clock
from core.errors import Refused
from incidents.models import Incident
from teams.access import signed_in

FORM: Final = "incidents/form.html"
MOVED: Final = "moved"  # the room's live part asks at once for what has changed


def act(
    request: HttpRequest, number: int, service: Callable[..., Any], *, back: str = "", **said: Any
) -> HttpResponse:
    """Do it; whoever was slower than somebody else sees the fresh state and what happened.

    `back` is added to the room's address: where in it the person was.
    """
    incident = get_object_or_404(Incident, pk=number)
    try:
        service(incident, by=signed_in(request), at=clock.now(), **said)
    except Refused as refused:
        messages.warning(request, str(refused))
        return _home(request, incident, back)
    return _done(request, incident, back)


def act_on_form(
    request: HttpRequest,
    number: int,
    form: forms.Form,
    service: Callable[..., Any],
    *,
    back: str = "",
    page: str = FORM,
    **said: Any,
) -> HttpResponse:
    """As `act`, with what was typed; what cannot be done is shown again, and nothing typed is lost."""
    incident = get_object_or_404(Incident, pk=number)
    if form.is_valid():
        said |= form.cleaned_data
        try:
            service(incident, by=signed_in(request), at=clock.now(), **said)
        except Refused as refused:
            form.add_error(None, str(refused))
    if form.errors:
        return _form_page(request, incident, form, page)
    return _done(request, incident, back)


def form_page(
    request: HttpRequest, number: int, form: forms.Form, *, page: str = FORM
) -> HttpResponse:
    """A form by itself, for who follows a link to it or has no scripts."""
    return _form_page(request, get_object_or_404(Incident, pk=number), form, page)


def _form_page(
    request: HttpRequest, incident: Incident, form: forms.Form, page: str
) -> HttpResponse:
    part = "#wrong" if request.htmx and form.errors else ""  # type: ignore[attr-defined]
    context = {"form": form, "incident": incident}
    status = 422 if form.errors else 200
    return render(request, f"{page}{part}", context, status=status)


def _done(request: HttpRequest, incident: Incident, back: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return trigger_client_event(HttpResponse(), MOVED)
    return redirect(f"{incident.get_absolute_url()}{back}")


def _home(request: HttpRequest, incident: Incident, back: str) -> HttpResponse:
    address = f"{incident.get_absolute_url()}{back}"
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(address)
    if urlsplit(request.htmx.current_url or "").path == incident.get_absolute_url():  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()  # to go where one is would show nothing new
    return HttpResponseClientRedirect(address)
