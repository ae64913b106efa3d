from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.errors import Refused
from incidents.models import Incident
from statuspage import services
from statuspage.forms import NoticeForm
from statuspage.models import Component, Notice, Prepared, Standing, Subscriber
from statuspage.services import mirroring
from teams.access import needs, signed_in
from teams.domain.roles import Action

A_PAGE = 50


@require_GET
@needs(Action.READ)
def notice_list(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.select_related("incident")
    going_on = rows.going_on()
    page = Paginator(rows.exclude(resolved_at=None), A_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "going_on": going_on,
        "at": clock.now(),
        "may": signed_in(request).may(Action.COMMAND),
        "store": mirroring.lacking(),
    }
    return render(request, "statuspage/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def write(request: HttpRequest, public_id: str) -> HttpResponse:
    """The draft beside the incident: kept, or published."""
    rows = Notice.objects.select_related("incident", "override_by")
    notice = get_object_or_404(rows, public_id=public_id)
    if "lift" in request.POST:
        return _lifted(request, notice)
    sent = request.POST if request.method == "POST" else None
    components = Component.objects.select_related("group")
    form = NoticeForm(sent, instance=notice, components=components, initial=_begun(request, notice))
    if sent is not None and form.is_valid():
        return _take(request, public_id, form)
    if sent is not None:
        notice.refresh_from_db()  # the form has written into it what it does not take
    return _editor(request, notice, form, status=400 if form.errors else 200)


@require_http_methods(["POST"])
@needs(Action.COMMAND)
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """A draft for an incident that moved no component by itself."""
    incident = get_object_or_404(Incident, pk=number)
    try:
        notice = services.begin(incident)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(incident)
    return redirect("statuspage:write", notice.public_id)


def _begun(request: HttpRequest, notice: Notice) -> dict[str, str]:
    """Of prepared words somebody chose, what the form begins with."""
    chosen = request.GET.get("words", "")
    row = Prepared.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    return services.prepared(row, notice) if row else {}


def _lifted(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The impact is derived again; what was typed stays in the form."""
    try:
        by, at = signed_in(request), clock.now()
        services.lift(notice, seen=request.POST.get("seen", ""), by=by, at=at)
        messages.success(request, _("Taken back. The impact follows from the components again."))
    except Refused as refused:
        messages.warning(request, str(refused))
        notice.refresh_from_db()
    again = request.POST.copy()
    again["seen"], again["impact_override"] = notice.updated_at.isoformat(), notice.impact_override
    components = Component.objects.select_related("group")
    return _editor(
        request, notice, NoticeForm(again, instance=notice, components=components), status=200
    )


def _take(request: HttpRequest, public_id: str, form: NoticeForm) -> HttpResponse:
    # The form has written what was typed into its own copy of the row.
    rows = Notice.objects.select_related("incident", "override_by")
    notice = rows.get(public_id=public_id)
    typed, seen, user = form.cleaned_data, form.cleaned_data["seen"], signed_in(request)
    try:
        if "publish" in request.POST:
            services.publish(notice, typed, form.words(), seen=seen, by=user, at=clock.now())
            messages.success(request, _("Published. Customers see it within seconds."))
            return redirect(notice.incident or "statuspage:list")
        services.keep(notice, typed, seen=seen, by=user, at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
        # The words stay, and count as written upon what is there now.
        again = request.POST.copy()
        again["seen"] = notice.updated_at.isoformat()
        form.data = again
        return _editor(request, notice, form, status=409)
    messages.success(request, _("Draft kept. Customers see none of it."))
    return redirect("statuspage:write", public_id)


def _editor(request: HttpRequest, notice: Notice, form: NoticeForm, *, status: int) -> HttpResponse:
    context = {
        "notice": notice,
        "incident": notice.incident,
        "form": form,
        "prepared": Prepared.objects.filter(phase__in=form.phases),
        "updates": notice.updates.select_related("by"),
        "at": clock.now(),
        "weighed": services.weighed(notice),
        "listening": Subscriber.objects.filter(standing=Standing.ACTIVE).count(),
    }
    return render(request, "statuspage/write.html", context, status=status)
