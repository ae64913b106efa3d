from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.forms import MergeForm, MoveAlertForm, UnmergeForm
from incidents.models import Incident, LinkedAlert
from incidents.views.acting import act, act_on_form, form_page
from teams.access import needs
from teams.domain.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def merge(request: HttpRequest, number: int) -> HttpResponse:
    if request.method != "POST":
        return form_page(request, number, MergeForm(number))
    return act_on_form(request, number, MergeForm(number, request.POST), services.merge)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def unmerge(request: HttpRequest, number: int) -> HttpResponse:
    if request.method != "POST":
        get_object_or_404(Incident, pk=number, merged_into__isnull=False)
        return form_page(request, number, UnmergeForm())
    return act(request, number, services.unmerge)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def move_alert(request: HttpRequest, number: int, alert: int) -> HttpResponse:
    if request.method != "POST":
        link = get_object_or_404(LinkedAlert, pk=alert, incident=number)
        return form_page(request, number, MoveAlertForm(number, warning=link.alert.heading))
    form = MoveAlertForm(number, request.POST)
    return act_on_form(request, number, form, services.move_alert, alert=alert)
