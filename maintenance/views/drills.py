from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import Refused
from core.moments import MomentField
from maintenance.models import Drill
from maintenance.screens import drills as screen
from maintenance.services import drilling
from teams.access import needs, signed_in
from teams.domain.roles import Action


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Drill
        fields = ["scenario", "way", "severity", "planned_at"]
        field_classes = {"planned_at": MomentField}
        widgets = {"planned_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")}  # fmt: skip


class NoteForm(forms.Form):
    text = forms.CharField(max_length=300, strip=True)


@require_GET
@needs(Action.READ)
def drills(request: HttpRequest) -> HttpResponse:
    return _list(request, PlanForm(initial={"planned_at": clock.now()}))


@require_POST
@needs(Action.COMMAND)
def plan(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        made = drilling.plan(**form.cleaned_data, by=signed_in(request))
    except Refused as refused:
        form.add_error(None, str(refused))
        return _list(request, form, status=422)
    return redirect(made)


def _list(request: HttpRequest, form: PlanForm, status: int = 200) -> HttpResponse:
    may = signed_in(request).may(Action.COMMAND)
    shown = {**screen.overview(), "form": form if may else None}
    return render(request, "maintenance/drills.html", shown, status=status)


@require_GET
@needs(Action.READ)
def drill(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Drill.objects.select_related("incident", "lead"), pk=pk)
    person = signed_in(request)
    may = {"may": person.may(Action.COMMAND), "may_respond": person.may(Action.RESPOND)}
    return render(request, "maintenance/drill.html", {**screen.page(found), **may})


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
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, lambda one, by, at: drilling.call_off(one, at=at), _("It is called off."))  # fmt: skip


@require_POST
@needs(Action.RESPOND)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write in a sentence what you found."))
        return redirect("maintenance:drill", pk=pk)
    text = form.cleaned_data["text"]
    return _done(request, pk, lambda one, **how: drilling.note(one, text, **how), _("It is an action item now."))  # fmt: skip


def _done(request: HttpRequest, pk: int, what: Callable[..., Any], said: str) -> HttpResponse:
    found = get_object_or_404(Drill.objects.select_related("incident"), pk=pk)
    try:
        what(found, by=signed_in(request), at=clock.database_now())
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found)
