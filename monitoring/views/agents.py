"""What a host needs to be measured by the agent: its file, and the commands."""

from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_GET, require_safe

from monitoring import agent_pack
from teams.access import needs
from teams.domain.roles import Action


def _etag(request: HttpRequest) -> str:
    return f'"{sha256(agent_pack.packed()).hexdigest()[:32]}"'


@require_safe
@login_not_required  # a host fetches it, and it holds nothing but the program
@condition(etag_func=_etag)
def file(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        agent_pack.packed(),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{agent_pack.NAME}"'},
    )


@require_GET
@needs(Action.READ)
def new_host(request: HttpRequest) -> HttpResponse:
    plain = " --plain-http" if settings.BASE_URL.startswith("http:") else ""
    context = {"portal": settings.BASE_URL, "plain": plain}
    return render(request, "monitoring/new_host.html", context)
