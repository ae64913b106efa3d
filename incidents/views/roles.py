from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from incidents import services
from incidents.domain.roles import Role
from incidents.forms_roles import RoleForm
from incidents.models import Incident
from incidents.views.acting import act, act_on_form, form_page
from teams.access import needs, signed_in
from teams.domain.roles import Action

BACK, PAGE = "#roles", "incidents/role.html"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def role(request: HttpRequest, number: int, role: str) -> HttpResponse:
    """The page says what will happen and to whom; the POST does it. A tap in the room is such a POST."""
    wanted, me = _role(role), signed_in(request)
    incident = get_object_or_404(Incident, pk=number)
    q = request.GET.get("q", "")
    if request.method != "POST":
        form = RoleForm(role=wanted, incident=incident, user=me, q=q)
        return form_page(request, number, form, page=PAGE)
    data = request.POST.copy()
    data.setdefault("seen", request.GET.get("seen", ""))
    form = RoleForm(data, role=wanted, incident=incident, user=me)
    if form.is_valid():
        given = {"role": wanted, **form.cleaned_data}
        return act(request, number, services.give_role, back=BACK, **given)
    return act_on_form(request, number, form, services.give_role, role=wanted, page=PAGE)


@require_POST
@needs(Action.RESPOND)
def leave(request: HttpRequest, number: int, role: str) -> HttpResponse:
    return act(request, number, services.leave_role, role=_role(role), back=BACK)


@require_POST
@needs(Action.RESPOND)
def join(request: HttpRequest, number: int) -> HttpResponse:
    return act(request, number, services.join, back="#team")


@require_POST
@needs(Action.COMMAND)
def assemble(request: HttpRequest, number: int) -> HttpResponse:
    return act(request, number, services.assemble, back="#team")


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError as unknown:
        raise Http404 from unknown
