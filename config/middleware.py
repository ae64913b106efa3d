from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

MACHINES: Final = ("/ingest/", "/v2/", "/healthz", "/readyz")


class MachinesFirst:
    """Alerts and probes go straight to their view: a machine needs no session, language or policy.

    What the other middleware does for a page costs as much as storing an alert, and a probe must
    be answered while there is no database to read a session from.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(MACHINES):
            return self.get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)  # a page that says so, with all that a page carries
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response
