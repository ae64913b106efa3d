"""Drills: planned, played or talked through, and what they taught."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import Refused
from maintenance.forms_drills import NoteForm, PlanForm, fresh
from maintenance.models import Drill, DrillState
from maintenance.screens import drills as screen
from maintenance.services import drilling, playing
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def drills(request: HttpRequest) -> HttpResponse:
    return _list(request, fresh(signed_in(request)))


@require_POST
@needs(Action.COMMAND)
def plan(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    by = signed_in(request)
    return redirect(drilling.plan(**form.cleaned_data, by=by, at=clock.database_now()))


def _list(request: HttpRequest, form: PlanForm, status: int = 200) -> HttpResponse:
    may = signed_in(request).may(Action.COMMAND)
    shown = {**screen.overview(at=clock.now()), "form": form if may else None}
    return render(request, "maintenance/drills.html", shown, status=status)


@require_GET
@needs(Action.READ)
def drill(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever waits for a game day asks for its living part only, and for all of it when it is over."""
    found = _found(pk)
    waits = bool(request.htmx)  # type: ignore[attr-defined]
    if waits and not screen.is_live(found):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _page(request, found, PlanForm(instance=found), part="#live" if waits else "")


@require_POST
@needs(Action.COMMAND)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    form = PlanForm(request.POST, instance=_found(pk))
    if not form.is_valid():
        return _page(request, found, form, status=422)
    facts = form.cleaned_data
    return _done(request, pk, lambda one, **how: drilling.change(one, **how, **facts), _("It is changed."))  # fmt: skip


def _page(
    request: HttpRequest, found: Drill, form: PlanForm, *, part: str = "", status: int = 200
) -> HttpResponse:
    person = signed_in(request)
    may = person.may(Action.COMMAND)
    shown = {
        **screen.page(found, at=clock.now()), "may": may, "may_respond": person.may(Action.RESPOND),
        "form": form if may and found.state == DrillState.PLANNED else None,
    }  # fmt: skip
    return render(request, f"maintenance/drill.html{part}", shown, status=status)


@require_POST
@needs(Action.COMMAND)
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, drilling.begin, _("It has begun."))


@require_POST
@needs(Action.COMMAND)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, drilling.end, _("It is over."))


@require_POST
@needs(Action.COMMAND)
def break_off(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, drilling.break_off, _("It is broken off, and not scored."))


@require_POST
@needs(Action.COMMAND)
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda one, by, at: drilling.call_off(one, at=at), _("It is called off."))  # fmt: skip


@require_POST
@needs(Action.COMMAND)
def plan_again(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda one, by, at: drilling.plan_again(one), _("It is planned again."))  # fmt: skip


@require_POST
@needs(Action.COMMAND)
def play(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, playing.ask, _("A worker plays it. What happens appears here."))


@require_POST
@needs(Action.COMMAND)
def play_scenario(request: HttpRequest, scenario: str) -> HttpResponse:
    try:
        found = playing.ask_for(scenario, by=signed_in(request), at=clock.database_now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("maintenance:drills")
    return redirect(found)


@require_POST
@needs(Action.COMMAND)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda one, by, at: playing.stop(one, at=at), _("It is being stopped. What it broke is put back."))  # fmt: skip


@require_POST
@needs(Action.RESPOND)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write in a sentence what you found."))
        return redirect("maintenance:drill", pk=pk)
    text = form.cleaned_data["text"]
    return _done(
        request, pk, lambda one, **how: drilling.note(one, text, **how), _("It is written down.")
    )


def _found(pk: int) -> Drill:
    return get_object_or_404(Drill.objects.select_related("incident", "lead"), pk=pk)


def _done(request: HttpRequest, pk: int, what: Callable[..., Any], said: str) -> HttpResponse:
    found = _found(pk)
    try:
        what(found, by=signed_in(request), at=clock.database_now())
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found)
