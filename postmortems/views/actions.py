"""Action items, one at a time."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import Refused
from postmortems import services
from postmortems.forms import ActionForm
from postmortems.models import ActionItem, Postmortem
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.REVIEW)
def new(request: HttpRequest, number: int) -> HttpResponse:
    postmortem = get_object_or_404(Postmortem.objects.select_related("incident"), incident=number)
    soon = timezone.localtime(clock.now()).date() + timedelta(days=7)
    sent = request.POST if request.method == "POST" else None
    form = ActionForm(sent, initial={"due_date": soon, "priority": "MEDIUM", "kind": "SHORT_TERM"})
    if sent is not None and form.is_valid():
        try:
            services.add_action(
                postmortem, form.cleaned_data, by=signed_in(request), at=clock.now()
            )  # fmt: skip
            return redirect(postmortem)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _form(request, form, postmortem)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.REVIEW)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(ActionItem.objects.select_related("postmortem__incident"), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = ActionForm(sent, instance=ActionItem.objects.get(pk=pk))
    if sent is not None and form.is_valid():
        try:
            services.change_action(item, form.cleaned_data, by=signed_in(request), at=clock.now())
            return redirect(item.postmortem)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _form(request, form, item.postmortem, item)


def _form(
    request: HttpRequest, form: ActionForm, postmortem: Postmortem, item: ActionItem | None = None
) -> HttpResponse:
    context = {"form": form, "postmortem": postmortem, "item": item}
    status = 400 if form.errors else 200
    return render(request, "postmortems/action.html", context, status=status)


@require_POST
@needs(Action.REVIEW)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """As it was suggested."""
    item = get_object_or_404(ActionItem.objects.select_related("postmortem__incident"), pk=pk)
    try:
        services.change_action(item, {}, by=signed_in(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(item.postmortem)


@require_POST
@needs(Action.REVIEW)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(ActionItem.objects.select_related("postmortem__incident"), pk=pk)
    try:
        services.remove_action(item, by=signed_in(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(item.postmortem)
