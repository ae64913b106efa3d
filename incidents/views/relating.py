from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from incidents import services
from incidents.forms_links import LinkForm
from incidents.views.acting import act, act_on_form, form_page
from teams.access import needs
from teams.domain.roles import Action

PAGE: Final = "incidents/link.html"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def link(request: HttpRequest, number: int) -> HttpResponse:
    if request.method != "POST":
        form = LinkForm(number, q=request.GET.get("q", ""))
        return form_page(request, number, form, page=PAGE)
    form = LinkForm(number, request.POST)
    return act_on_form(request, number, form, services.relate, back="#related", page=PAGE)


@require_POST
@needs(Action.RESPOND)
def unlink(request: HttpRequest, number: int, other: int) -> HttpResponse:
    return act(request, number, services.unrelate, back="#related", other=other)
