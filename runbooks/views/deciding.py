"""A decision is read before it is made: each has a page that says what follows, and acts on POST."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import Refused
from runbooks import queries, services
from runbooks.forms import ReasonForm
from runbooks.models import Action
from runbooks.screens.approved import of_run
from runbooks.screens.page import if_approved
from runbooks.screens.rows import rows_of
from teams.access import factor_wanted, needs, sent_for_factor, signed_in
from teams.domain.roles import Action as May


@require_http_methods(["GET", "HEAD", "POST"])
@needs(May.COMMAND)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    action, user = get_object_or_404(queries.shown(), pk=pk), signed_in(request)
    if request.method == "POST":
        return sent_for_factor(request, back=request.path) or _approved(request, action)
    [row] = rows_of([action], user, at=clock.now())
    follows = if_approved(row, halted=queries.halted() is not None)
    context = {"row": row, "action": action, "follows": follows, "of_run": of_run(action)}
    context["factor"] = factor_wanted(request)
    return render(request, "runbooks/approve.html", context)


def _approved(request: HttpRequest, action: Action) -> HttpResponse:
    try:
        services.approve(action, by=signed_in(request), at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Your approval is written down."))
    return redirect("runbooks:action", action.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(May.RESPOND)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    action, user = get_object_or_404(queries.shown(), pk=pk), signed_in(request)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.refuse(action, by=user, at=clock.now(), reason=form.cleaned_data["reason"])
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect("runbooks:action", action.pk)
    [row] = rows_of([action], user, at=clock.now())
    context = {"row": row, "action": action, "form": form}
    return render(request, "runbooks/refuse.html", context, status=400 if form.errors else 200)
