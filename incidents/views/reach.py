from datetime import timedelta
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from incidents.domain.foresight import Did
from incidents.forms_reach import DOES, SHOWN, WhatIfForm
from incidents.narration_reach import told
from incidents.screens.reach import foreseen
from incidents.services.foreseeing import pages_to_come
from incidents.services.reachability import find_holes
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def holes(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    found = told(find_holes(at=at), at=at, reader=signed_in(request))
    return render(request, "incidents/holes.html", {"holes": found})


@require_GET
@needs(Action.READ)
def what_if(request: HttpRequest) -> HttpResponse:
    """A question changes nothing, so it is asked with GET and can be sent to a colleague."""
    now = clock.now().replace(second=0, microsecond=0)
    form = WhatIfForm(request.GET if "at" in request.GET else None, initial={"at": now})
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        asked = form.cleaned_data
        services = [asked["service"]] if asked["service"] else []
        scenes = pages_to_come(
            asked["severity"], services=services, at=asked["at"], deeds=form.deeds(),
            routed_to=asked["team"] and asked["team"].pk,
        )  # fmt: skip
        found = islice(scenes, SHOWN)
        context["scenes"] = foreseen(found, since=asked["at"], who=asked["answers"])
        context |= {"who": asked["answers"], "after": timedelta(minutes=asked["after"])}
        context["does"] = DOES[Did(asked["does"])]
    status = 400 if form.errors else 200
    return render(request, "incidents/what_if.html", context, status=status)
