"""What people do with a run: each acts on POST, and what cannot be taken back is asked on a page of its own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import Refused
from runbooks import run_queries, services
from runbooks.forms import AnswerForm, ReasonForm
from runbooks.models import Run, RunStep
from runbooks.screens.steering import of_abort, of_done, of_skip, of_undo
from teams.access import needs, signed_in
from teams.domain.roles import Action as May

either = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
@needs(May.RESPOND)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    return _done(request, run, lambda: services.pause(run, **_who(request)))


@require_POST
@needs(May.COMMAND)
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    return _done(request, run, lambda: services.go_on(run, **_who(request)))


@require_POST
@needs(May.COMMAND)
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    return _done(request, run, lambda: services.take_over(run, **_who(request)))


@either
@needs(May.COMMAND)
def abort(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    given = _who(request)
    return _asked(
        request, run, of_abort(run), lambda reason: services.abort(run, **given, reason=reason)
    )


@either
@needs(May.COMMAND)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    if request.method != "POST":
        return render(request, "runbooks/steer.html", {"run": run, **of_undo(run)})
    try:
        return redirect(services.undo(run, **_who(request)))
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(run)


@require_POST
@needs(May.RESPOND)
def answer(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    found, form = _step(pk, step), AnswerForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("An answer is needed."))
        return redirect(found.run)
    given = _who(request)
    return _done(request, found.run, lambda: services.answer(found, form.cleaned_data, **given))


@require_POST
@needs(May.COMMAND)
def retry(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    found = _step(pk, step)
    return _done(request, found.run, lambda: services.retry(found, **_who(request)))


@either
@needs(May.COMMAND)
def skip(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    found, given = _step(pk, step), _who(request)
    return _asked(
        request, found.run, of_skip(found),
        lambda reason: services.skip(found, **given, reason=reason),
    )  # fmt: skip


@either
@needs(May.COMMAND)
def done(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    found, given = _step(pk, step), _who(request)
    return _asked(
        request, found.run, of_done(found),
        lambda reason: services.say_done(found, **given, reason=reason),
    )  # fmt: skip


def _run(pk: int) -> Run:
    return get_object_or_404(run_queries.runs(), pk=pk)


def _step(run: int, pk: int) -> RunStep:
    rows = RunStep.objects.select_related("run__version", "action")
    return get_object_or_404(rows, run=run, pk=pk)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": signed_in(request), "at": clock.database_now()}


def _asked(
    request: HttpRequest, run: Run, about: dict[str, Any], act: Callable[[str], None]
) -> HttpResponse:
    """First why, and what follows from it; then it is done."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _done(request, run, lambda: act(form.cleaned_data["reason"]))
    context = {"run": run, "form": form, **about}
    return render(request, "runbooks/steer.html", context, status=400 if form.errors else 200)


def _done(request: HttpRequest, run: Run, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect(run)
