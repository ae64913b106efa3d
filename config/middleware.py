import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)


class DatabaseDown:
    """Without its database the product says so, with 503 and when to come back; it does not crash."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.error("the database does not answer: %s", error)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response


class AlertsFirst:
    """Alerts go straight to their view: a machine with a token needs no session, language or policy.

    What the other middleware does for a page costs as much as storing an alert.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(("/ingest/", "/v2/")):
            return self.get_response(request)
        found = resolve(request.path_info)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response
