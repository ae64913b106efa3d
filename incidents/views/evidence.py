from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.downloads import attachment
from core.uploads import MOST
from incidents import services
from incidents.forms import EvidenceForm, RemovalForm
from incidents.models import Evidence, EvidenceContent
from incidents.views.acting import act, act_on_form, form_page
from teams.access import needs
from teams.domain.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def add(request: HttpRequest, number: int) -> HttpResponse:
    if request.method != "POST":
        return form_page(request, number, EvidenceForm())
    too_much = int(request.META.get("CONTENT_LENGTH") or 0) > MOST
    form = EvidenceForm(request.POST, request.FILES, too_much=too_much)
    return act_on_form(request, number, form, services.attach, back="#evidence")


@require_GET
@never_cache
@needs(Action.READ)
def download(request: HttpRequest, number: int, evidence: int) -> HttpResponse:
    kept = get_object_or_404(Evidence, pk=evidence, incident=number, removed_at=None)
    return as_attachment(kept)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def remove(request: HttpRequest, number: int, evidence: int) -> HttpResponse:
    if request.method != "POST":
        kept = get_object_or_404(Evidence, pk=evidence, incident=number, removed_at=None)
        return form_page(request, number, RemovalForm(kept.name))
    return act(request, number, services.remove_evidence, evidence=evidence, back="#evidence")


def as_attachment(kept: Evidence) -> HttpResponse:
    body = get_object_or_404(EvidenceContent, evidence=kept).body
    return attachment(kept.name, kept.kind, body)
