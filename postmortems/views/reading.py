"""The list, and the PDF."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET
from rest_framework.exceptions import APIException

from core import clock
from core.errors import Refused
from incidents.models import Incident
from postmortems import services
from postmortems.due import dues
from postmortems.models import Postmortem
from teams.access import needs, signed_in
from teams.api import token_user
from teams.domain.roles import Action
from teams.models import User

A_PAGE = 50


@require_GET
@needs(Action.READ)
def postmortem_list(request: HttpRequest) -> HttpResponse:
    written = Postmortem.objects.select_related("incident", "author").prefetch_related("actions")
    page = Paginator(written, A_PAGE).get_page(request.GET.get("page", "1"))
    found = dues(page.object_list, at=clock.now())
    rows = [(postmortem, found.get(postmortem.incident_id)) for postmortem in page]
    may_write = signed_in(request).may(Action.REVIEW)
    context = {"page": page, "rows": rows, "may_write": may_write}
    return render(request, "postmortems/list.html", context)


@login_not_required
@require_GET
def pdf(request: HttpRequest, number: int) -> HttpResponse:
    """For a person who is signed in, or with the API's token."""
    try:
        user = request.user if isinstance(request.user, User) else token_user(request)
    except APIException as error:
        return HttpResponse(str(error.detail), status=401, content_type="text/plain")
    if user is None:
        return redirect(f"/accounts/login/?next={request.path}")
    if not user.may(Action.READ):
        return HttpResponse(status=403)
    incident = get_object_or_404(Incident, pk=number)
    try:
        author = user if user.may(Action.REVIEW) else None
        made = services.pdf_of(services.draft(incident, by=author, at=clock.now()))
    except Refused as refused:
        return _no_pdf(request, incident, refused)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="postmortem-{number}.pdf"'
    return response


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
