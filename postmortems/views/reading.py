"""The list."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from postmortems.due import dues
from postmortems.models import Postmortem
from teams.access import needs, signed_in
from teams.domain.roles import Action

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
