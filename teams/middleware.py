from collections.abc import Callable
from datetime import UTC
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class PersonalSettings:
    """A signed-in person reads in their own language and time zone; a language just chosen wins."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):  # machines read UTC
            with timezone.override(UTC):
                return self.get_response(request)
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(ZoneInfo(user.time_zone)):
            return self.get_response(request)
