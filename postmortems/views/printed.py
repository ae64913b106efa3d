"""The PDF: a person sees how far it is, a program waits."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import APIException

from core import clock
from core.errors import Refused
from core.printing.waiting import file, shown
from incidents.models import Incident
from postmortems import services
from postmortems.models import Postmortem, Rendering
from teams.api import token_user
from teams.domain.roles import Action
from teams.models import User


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pdf(request: HttpRequest, number: int) -> HttpResponse:
    """For a person who is signed in, or with the API's token. A person who posts asks once more."""
    try:
        user = request.user if isinstance(request.user, User) else token_user(request)
    except APIException as error:
        return HttpResponse(str(error.detail), status=401, content_type="text/plain")
    if user is None:
        return redirect(f"/accounts/login/?next={request.path}")
    if not user.may(Action.READ):
        return HttpResponse(status=403)
    incident = get_object_or_404(Incident, pk=number)
    author = user if user.may(Action.REVIEW) else None
    try:
        postmortem = services.draft(incident, by=author, at=clock.now())
        if isinstance(request.user, User):
            return _for_person(request, postmortem)
        return file(services.pdf_of(postmortem, asked_language(request)), _name(number))
    except Refused as refused:
        return _no_pdf(request, incident, refused)


def asked_language(request: HttpRequest) -> str:
    """None in particular means the one it is written in."""
    asked = request.GET.get("language", "")
    return asked if asked in Rendering.Language.values else ""


def _for_person(request: HttpRequest, postmortem: Postmortem) -> HttpResponse:
    language = asked_language(request)
    row = services.ask(postmortem, language, again=request.method == "POST")
    address = reverse("postmortems:pdf", args=[postmortem.incident_id])
    address += f"?language={language}" if language else ""
    said = {
        "postmortem": postmortem,
        "incident": postmortem.incident,
        "before": services.before(row),
        "back": postmortem.incident.get_absolute_url(),
    }
    return shown(
        request, row, address=address, name=_name(postmortem.incident_id),
        page="postmortems/under_way.html", said=said,
    )  # fmt: skip


def _name(number: int) -> str:
    return f"postmortem-{number}.pdf"


def _no_pdf(request: HttpRequest, incident: Incident, refused: Refused) -> HttpResponse:
    """A person reads why in the room, a program by the status."""
    if isinstance(request.user, User):
        messages.warning(request, str(refused))
        return redirect(incident)
    late = isinstance(refused, services.NotYet)
    headers = {"Retry-After": "30"} if late else {}
    plain = "text/plain; charset=utf-8"
    return HttpResponse(
        str(refused), status=503 if late else 409, headers=headers, content_type=plain
    )
