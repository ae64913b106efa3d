"""The editor: each part is saved by itself, so that several people can write at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import Refused
from incidents.models import Incident
from postmortems import services
from postmortems.forms import PostmortemForm
from postmortems.models import Postmortem, State
from postmortems.screens.page import named, page, worded
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.READ)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Everybody reads it; whoever may write it begins it by opening it."""
    incident = get_object_or_404(Incident, pk=number)
    if not signed_in(request).may(Action.REVIEW):
        return _read(request, incident)
    try:
        postmortem = services.draft(incident, by=signed_in(request), at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(incident)
    if request.method != "POST":
        return _editor(request, postmortem, PostmortemForm(instance=postmortem))
    form = PostmortemForm(request.POST, instance=Postmortem.objects.get(pk=postmortem.pk))
    if not form.is_valid():
        return _editor(request, postmortem, form, status=400)
    return _save(request, postmortem, form)


def _read(request: HttpRequest, incident: Incident) -> HttpResponse:
    if request.method == "POST":
        raise PermissionDenied
    rows = Postmortem.objects.select_related("incident", "owner")
    context = page(get_object_or_404(rows, incident=incident), signed_in(request), at=clock.now())
    return render(request, "postmortems/edit.html", context)


def _save(request: HttpRequest, postmortem: Postmortem, form: PostmortemForm) -> HttpResponse:
    """Who saves second keeps their words on the screen, with the other's beside them."""
    seen = request.POST.get("version", "")
    began_with = int(seen) if seen.isdigit() and len(seen) < 9 else postmortem.version
    try:
        services.revise(
            postmortem, form.cleaned_data, seen=began_with, by=signed_in(request), at=clock.now()
        )
    except services.Stale as stale:
        messages.error(request, str(stale))
        return _editor(request, postmortem, form, theirs=stale.theirs, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        return _editor(request, postmortem, form, status=409)
    messages.success(request, _("Saved as version %(version)s.") % {"version": postmortem.version})
    return redirect(postmortem)


def _editor(
    request: HttpRequest,
    postmortem: Postmortem,
    form: PostmortemForm,
    *,
    theirs: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = page(postmortem, signed_in(request), at=clock.now())
    others = [(named(name), worded(name, said)) for name, said in (theirs or {}).items()]
    context |= {"form": form, "theirs": others}
    return render(request, "postmortems/edit.html", context, status=status)


@require_POST
@needs(Action.REVIEW)
def move(request: HttpRequest, number: int) -> HttpResponse:
    postmortem = get_object_or_404(Postmortem.objects.select_related("incident"), incident=number)
    to, seen = request.POST.get("to", ""), request.POST.get("version", "")
    try:
        services.move(
            postmortem, State(to), seen=int(seen) if seen.isdigit() else 0, by=signed_in(request),
            at=clock.now(),
        )  # fmt: skip
    except ValueError:
        messages.error(request, _("There is no such state."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(postmortem)


@require_POST
@needs(Action.REVIEW)
def tell(request: HttpRequest, number: int) -> HttpResponse:
    postmortem = get_object_or_404(Postmortem.objects.select_related("incident"), incident=number)
    try:
        services.tell_customers(postmortem, by=signed_in(request), at=clock.now())
        messages.success(request, _("Customers can read it on the status page."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(postmortem)
