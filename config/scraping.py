"""`/metrics`, for a Prometheus with the token, or on this machine where none is set."""

import hmac
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from config.figures import families, text
from core import clock

HERE: Final = ("127.0.0.1", "::1")
FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    if not _may(request):
        refused = "Send `Authorization: Bearer …` with BONGSU_METRICS_TOKEN.\n"
        return HttpResponse(refused, status=401, content_type="text/plain")
    return HttpResponse(text(families(at=clock.database_now())), content_type=FORMAT)


def _may(request: HttpRequest) -> bool:
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), token.encode())
    # What a proxy on this machine hands on comes from somewhere else.
    handed_on = {"X-Forwarded-For", "Forwarded"} & set(request.headers)
    return not handed_on and request.META.get("REMOTE_ADDR") in HERE
