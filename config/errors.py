import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import page_not_found

from config.returning import came_from
from statuspage.subscriber_views import HOME, lost


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Without its database the product says so, with 503 and when to come back; the rest is a 500.

    Here and not in a middleware: a session is read before any view, and every layer of middleware
    turns an exception into this page. Django logs the request with what it ended by: one line.
    """
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return render(request, "500.html", status=500)
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "5"
    return response


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith(HOME):
        return lost(request)
    return page_not_found(request, exception)


@login_not_required
def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Mostly a page from before signing in again in another tab: back to it, and it is fresh."""
    return render(request, "403_csrf.html", {"back": came_from(request)}, status=403)
