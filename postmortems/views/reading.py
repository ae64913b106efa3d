"""The archive: the list with its search, and what it finds as one ZIP."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from core import clock
from core.errors import Refused
from core.printing.waiting import STOP_ASKING
from postmortems import services
from postmortems.domain.quarters import Quarter
from postmortems.due import dues
from postmortems.models import Postmortem
from postmortems.screens.archive import Filters, choices, worded
from postmortems.services.binding import MOST, Binder
from postmortems.views.printed import asked_language
from teams.access import needs, signed_in
from teams.domain.roles import Action

A_PAGE = 50


@require_GET
@needs(Action.READ)
def postmortem_list(request: HttpRequest) -> HttpResponse:
    filters = Filters.read(request.GET)
    written = filters.apply(Postmortem.objects.select_related("incident", "author"))
    found = written.prefetch_related("actions")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page", "1"))
    due = dues(page.object_list, at=clock.now())
    today = timezone.localtime(clock.now()).date()
    context = {
        "page": page,
        "rows": [(one, due.get(one.incident_id)) for one in page],
        "may_write": signed_in(request).may(Action.REVIEW),
        "filters": filters,
        "choices": choices(today=today),
        "last_quarter": Quarter.of(today).before,
        "most": MOST,
        "is_empty": filters == Filters() and not page.paginator.count,
    }
    part = "#found" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"postmortems/list.html{part}", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.READ)
def archive(request: HttpRequest) -> HttpResponse:
    """All that the filters find: the ZIP when every PDF is made, else how many are. A post asks once more."""
    filters = Filters.read(request.GET)
    wanted = filters.apply(Postmortem.objects.select_related("incident"))[: MOST + 1]
    address = f"{reverse('postmortems:archive')}?{request.GET.urlencode()}"
    try:
        binder = services.bind(
            list(wanted), asked_language(request), again=request.method == "POST"
        )  # fmt: skip
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(f"{reverse('postmortems:list')}?{request.GET.urlencode()}")
    if request.method == "POST":
        return redirect(address)
    ready = binder.made == binder.total or (binder.is_over and "anyway" in request.GET)
    if not ready:
        return _under_way(request, binder, filters, address)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(address)
    return _zip(binder, filters)


def _under_way(
    request: HttpRequest, binder: Binder, filters: Filters, address: str
) -> HttpResponse:  # fmt: skip
    name = worded(filters.quarter) if filters.quarter else ""
    context = {"binder": binder, "address": address, "quarter": name}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "postmortems/archive.html", context, status=202)
    status = STOP_ASKING if binder.is_over else 200
    return render(request, "postmortems/archive.html#state", context, status=status)


def _zip(binder: Binder, filters: Filters) -> HttpResponse:
    response = StreamingHttpResponse(services.zipped(binder), content_type="application/zip")
    name = f"postmortems-{filters.quarter or 'archive'}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", response)  # what stands between takes both
