"""My contacts: everybody's own, whatever their role."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import Refused
from notifications import contacts as services
from notifications.screens import contacts_page
from teams.access import needs, signed_in
from teams.domain.roles import Action
from teams.forms import OwnAddressForm, OwnContactForm
from teams.models import ContactMethod


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.READ)
def contacts(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = OwnContactForm(request.POST or None, instance=ContactMethod(user=user))
    if request.method == "POST" and _kept(form):
        messages.success(request, _("Added. Now have a code sent, to be sure that it arrives."))
        return redirect("contacts:list")
    context = contacts_page(user, at=clock.now()) | {"form": form}
    status = 400 if form.errors else 200
    return render(request, "contacts/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.READ)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _own(request, pk)
    form = OwnAddressForm(request.POST or None, instance=contact)
    if request.method == "POST" and _kept(form):
        return redirect("contacts:list")
    context = {"form": form, "contact": contact}
    status = 400 if form.errors else 200
    return render(request, "contacts/change.html", context, status=status)


@require_POST
@needs(Action.READ)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, _own(request, pk).delete, _("Removed."))


@require_POST
@needs(Action.READ)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _own(request, pk)
    return _done(request, lambda: services.switch(contact))


@require_POST
@needs(Action.READ)
def send_code(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _own(request, pk)
    said = _("The code is on its way. Enter it here within ten minutes.")
    return _done(request, lambda: services.send_code(contact, at=clock.now()), said)


@require_POST
@needs(Action.READ)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    contact, typed = _own(request, pk), request.POST.get("code", "")[:40]
    said = _("Verified: what is sent there reaches you.")
    return _done(request, lambda: services.confirm(contact, typed, at=clock.now()), said)


def _own(request: HttpRequest, pk: int) -> ContactMethod:
    return get_object_or_404(ContactMethod, pk=pk, user=signed_in(request))


def _kept(form: OwnContactForm) -> bool:
    if not form.is_valid():
        return False
    try:
        services.keep(form)
    except Refused as refused:
        form.add_error("address", str(refused))
    return not form.errors


def _done(request: HttpRequest, act: Callable[[], object], said: str = "") -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if said:
            messages.success(request, said)
    return redirect("contacts:list")
