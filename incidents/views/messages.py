"""Stakeholder messages: read, write, change, approve, withdraw."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import Refused
from incidents.forms_messages import ChooseForm, MessageForm, TextsForm
from incidents.models import Incident, StakeholderMessage
from incidents.screens.messages import Typed, messages_page
from incidents.services import stakeholders
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def page(request: HttpRequest, number: int) -> HttpResponse:
    return _page(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def write(request: HttpRequest, number: int) -> HttpResponse:
    incident = get_object_or_404(Incident.objects.for_list(), pk=number)
    chosen = ChooseForm(request.GET or None)
    form = MessageForm(request.POST or None, initial=chosen.filled(incident, at=clock.now()))
    if request.method == "POST" and form.is_valid():
        try:
            stakeholders.write(
                incident, form.cleaned_data["group"], form.texts, by=signed_in(request),
                urgency=form.cleaned_data["urgency"], at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            notes.success(request, _("Written down. It goes out once somebody approves it."))
            return redirect("incidents:messages", number)
    context = {"incident": incident, "form": form, "choose": chosen}
    status = 422 if form.errors else 200
    return render(request, "incidents/messages/write.html", context, status=status)


@require_POST
@needs(Action.RESPOND)
def save(request: HttpRequest, number: int, message: UUID) -> HttpResponse:
    return _do(request, number, message, stakeholders.revise, _("Saved."))


@require_POST
@needs(Action.COMMAND)
def approve(request: HttpRequest, number: int, message: UUID) -> HttpResponse:
    said = _("Approved. It is on its way.")
    return _do(request, number, message, stakeholders.approve, said, at=clock.now())


@require_POST
@needs(Action.COMMAND)
def withdraw(request: HttpRequest, number: int, message: UUID) -> HttpResponse:
    found = get_object_or_404(StakeholderMessage, pk=message, incident=number)
    form = TextsForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        stakeholders.withdraw(found, version=version, by=signed_in(request), at=clock.now())
    except Refused as refused:
        notes.warning(request, str(refused))
    return redirect("incidents:messages", number)


@require_POST
@needs(Action.RESPOND)
def impact(request: HttpRequest, number: int) -> HttpResponse:
    incident = get_object_or_404(Incident, pk=number)
    felt = request.POST.get("felt") == "yes"
    stakeholders.customer_impact(incident, felt, by=signed_in(request), at=clock.now())
    return redirect("incidents:messages", number)


def _do(
    request: HttpRequest,
    number: int,
    message: UUID,
    service: Callable[..., None],
    done: str,
    **said: Any,
) -> HttpResponse:
    """What cannot be done is shown with its reason, and the words that were typed."""
    found = get_object_or_404(StakeholderMessage, pk=message, incident=number)
    form = TextsForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        service(found, texts=form.texts, version=version, by=signed_in(request), **said)
    except Refused as refused:
        found.version = version  # as it was on the screen
        return _page(request, number, Typed(found, form.texts, str(refused)))
    notes.success(request, done)
    return redirect("incidents:messages", number)


def _page(request: HttpRequest, number: int, typed: Typed | None = None) -> HttpResponse:
    incident = get_object_or_404(Incident.objects.for_list(), pk=number)
    context = messages_page(incident, signed_in(request), at=clock.now(), typed=typed)
    status = 422 if typed else 200
    return render(request, "incidents/messages/page.html", context, status=status)
