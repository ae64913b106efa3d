"""What loosens limits waits here for a second administrator: read by everybody, decided on POST only."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import Refused
from runbooks import queries
from runbooks.forms import ReasonForm
from runbooks.models import Loosening
from runbooks.screens import loosening as screen
from runbooks.services import loosening as services
from teams.access import needs, sent_for_factor, signed_in
from teams.domain.roles import Action as May


@require_GET
@needs(May.READ)
def waiting(request: HttpRequest) -> HttpResponse:
    context = screen.board(signed_in(request), at=clock.now())
    return render(request, "runbooks/loosenings.html", context)


@require_GET
@needs(May.READ)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(pk), ReasonForm())


@require_POST
@needs(May.ADMINISTER)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _found(pk), signed_in(request)
    if sent := sent_for_factor(request, back=found.get_absolute_url()):
        return sent
    said = _("It is confirmed and in force.")
    return _done(request, found, said, lambda: services.approve(found, by=user, at=clock.now()))


@require_POST
@needs(May.ADMINISTER)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _found(pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    given = {"by": signed_in(request), "at": clock.now(), "reason": form.cleaned_data["reason"]}
    return _done(request, found, _("It is refused."), lambda: services.refuse(found, **given))


@require_POST
@needs(May.ADMINISTER)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _found(pk), signed_in(request)
    said = _("It is withdrawn.")
    return _done(request, found, said, lambda: services.withdraw(found, by=user, at=clock.now()))


def _found(pk: int) -> Loosening:
    return get_object_or_404(queries.loosenings(), pk=pk)


def _page(
    request: HttpRequest, found: Loosening, form: ReasonForm, *, status: int = 200
) -> HttpResponse:
    context = screen.page(found, signed_in(request), at=clock.now()) | {"form": form}
    return render(request, "runbooks/loosening.html", context, status=status)


def _done(
    request: HttpRequest, found: Loosening, said: str, act: Callable[[], None]
) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, said)
    return redirect(found)
