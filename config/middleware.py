from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from statuspage import serving
from statuspage.tree import Tree

MACHINES: Final = ("/ingest/", "/v2/", "/ping/", "/healthz", "/readyz", "/metrics")


Handler = Callable[[HttpRequest], HttpResponse]


class NoNul:
    """PostgreSQL holds no NUL: what asks for one is refused here, or every query would fail on it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
            return HttpResponseBadRequest(
                "NUL has no place in an address.", content_type="text/plain"
            )
        return self.get_response(request)


class PublicFirst:
    """Customers get the public page while there is no database, and as fast as a file."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.shelf = serving.Shelf(Tree())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(serving.PATHS) and (
            found := serving.answer(request, self.shelf)
        ):
            return found
        return self.get_response(request)


class MachinesFirst:
    """Alerts and probes go straight to their view: a machine needs no session, language or policy.

    What the other middleware does for a page costs as much as storing an alert, and a probe must
    be answered while there is no database to read a session from.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(MACHINES):
            return self.get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)  # a page that says so, with all that a page carries
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response
