"""Whoever pressed a button after their session ended comes back to the page with the button."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

READING = ("GET", "HEAD")


def came_from(request: HttpRequest) -> str:
    """The page of ours that sent this, or "": its address without the host."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return urlsplit(page)._replace(scheme="", netloc="").geturl() if ours else ""


class SignInFirst(LoginRequiredMiddleware):
    """What a button does is not done by reading its address, so nobody is sent there after signing in."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        if request.method in READING:
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request, _("You were signed out, so nothing was done. Sign in, then press once more.")
        )
        return redirect_to_login(came_from(request) or reverse("home"))


class NoBlankPage:
    """The address of a button, typed or kept by the browser, is a page that says where to go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        blank = response.status_code == 405 and request.method == "GET" and not response.content
        return render(request, "404.html", status=405) if blank else response
