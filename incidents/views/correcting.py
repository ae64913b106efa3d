from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.forms import CorrectForm
from incidents.models import Incident
from incidents.views.acting import act_on_form, form_page
from teams.access import needs
from teams.domain.roles import Action

PAGE = "incidents/correct.html"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def correct(request: HttpRequest, number: int) -> HttpResponse:
    incident = get_object_or_404(Incident.objects.prefetch_related("services"), pk=number)
    if request.method != "POST":
        return form_page(request, number, CorrectForm(incident), page=PAGE)
    form = CorrectForm(incident, request.POST)
    return act_on_form(request, number, form, services.correct, page=PAGE)
