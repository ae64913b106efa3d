from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.readiness import readiness


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """Everything that paging needs, each with its own word; 503 when one is missing."""
    found = readiness()
    words = {name: "ok" if fine else "down" for name, fine in found.items()}
    return JsonResponse(words, status=200 if all(found.values()) else 503)
