"""Runbooks: read by everybody, tried by everybody who responds, started by whoever may do what they do."""

import uuid
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.errors import Refused
from runbooks import run_queries, services
from runbooks.forms import StartForm
from runbooks.models import Run, Runbook, Version
from runbooks.screens import books as screen
from runbooks.screens.foretold import told
from teams.access import needs, signed_in
from teams.answers import KeptAnswer
from teams.domain.roles import Action as May


@require_GET
@needs(May.READ)
def every(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "")[:100].strip()
    context = screen.listed(words, at=clock.now())
    return render(request, "runbooks/books.html", context)


@require_GET
@needs(May.READ)
def one(request: HttpRequest, key: str) -> HttpResponse:
    context = screen.book_page(key, at=clock.now()) | screen.offered(signed_in(request))
    form = StartForm(context["version"], initial=_initial(request))
    return render(request, "runbooks/book.html", context | {"form": form})


@require_GET
@needs(May.READ)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    asked = request.GET.get("with", "")
    other = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else None
    return render(request, "runbooks/version.html", screen.version_page(key, number, other))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(May.RESPOND)
def start(request: HttpRequest, key: str) -> HttpResponse:
    book = get_object_or_404(run_queries.books().filter(enabled=True), key=key)
    version = screen.current_of(book)
    if request.method != "POST":
        return _asked(request, book, StartForm(version, initial=_initial(request)))
    form = StartForm(version, request.POST, dry="dry" in request.POST)
    try:
        return _pressed(request, book, version, form)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _asked(request, book, form, status=HTTPStatus.CONFLICT)


def _pressed(
    request: HttpRequest, book: Runbook, version: Version, form: StartForm
) -> HttpResponse:
    """A dry run tells; a start starts. Raises Refused."""
    if not form.is_valid():
        return _asked(request, book, form, status=HTTPStatus.BAD_REQUEST)
    if "dry" in request.POST:
        return _asked(request, book, form, lines=told(version, form.values))
    if not services.may_start(signed_in(request), version, form.values):
        form.add_error(None, _("This runbook changes something: a commander starts it."))
        return _asked(request, book, form, status=HTTPStatus.CONFLICT)
    return redirect(_begun(request, version, form))


def _begun(request: HttpRequest, version: Version, form: StartForm) -> Run:
    """Pressed twice it is begun once."""
    user, at = signed_in(request), clock.database_now()
    key = f"start-{form.cleaned_data['once']}"
    with transaction.atomic():
        kept, is_new = KeptAnswer.objects.get_or_create(
            user=user, key=key, defaults={"digest": "", "made_at": at}
        )
        if not is_new:
            return Run.objects.get(pk=int(kept.body))
        run = services.start(
            version, form.values, at=at, by=user, incident=form.incident, purpose=form.purpose
        )
        kept.status, kept.body = HTTPStatus.CREATED, str(run.pk)
        kept.save(update_fields=["status", "body"])
    return run


def _initial(request: HttpRequest) -> dict[str, str]:
    about = f"incident-{request.GET['incident']}" if "incident" in request.GET else ""
    return {"about": about, "once": uuid.uuid4().hex}


def _asked(
    request: HttpRequest, book: Runbook, form: StartForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"book": book, "version": book.current, "form": form, **more}
    context |= screen.offered(signed_in(request))
    return render(request, "runbooks/start.html", context, status=status)
