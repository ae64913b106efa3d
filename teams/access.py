"""What a page needs: `@needs(Action.RESPOND)` on every view of the portal."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Concatenate, ParamSpec, cast

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from teams.domain.roles import Action
from teams.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def needs(action: Action) -> Callable[[View[P]], View[P]]:
    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, User) or not request.user.may(action):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return guard


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that `needs` has let through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def lacks_second_factor(user: User, *, by_token: bool = False) -> bool:
    """Whether the console, and approving what may hurt, are closed to them until they have one.

    A token is one factor, whoever it belongs to.
    """
    return bool(settings.CONSOLE_NEEDS_MFA) and (by_token or not is_mfa_enabled(user))


def factor_is_stale(request: HttpRequest) -> bool:
    """Whether a second factor is needed here and was last given too long ago, as a browser left open has it."""
    if not settings.CONSOLE_NEEDS_MFA:
        return False
    records = get_authentication_records(request, signed_in(request))
    given = [one["at"] for one in records if one.get("method") == "mfa"]
    return not given or time() - max(given) > app_settings.REAUTHENTICATION_TIMEOUT


def factor_wanted(request: HttpRequest) -> str:
    """What is missing before this person approves what may hurt: "none" yet, or "stale"; "" is well."""
    if lacks_second_factor(signed_in(request)):
        return "none"
    return "stale" if factor_is_stale(request) else ""


def sent_for_factor(request: HttpRequest, *, back: str) -> HttpResponse | None:
    """The answer to a press that wants a second factor first; `back` has the button to press again."""
    wanted = factor_wanted(request)
    if wanted == "none":
        messages.warning(request, _("Approving needs a second factor. Set one up first."))
        return redirect("mfa_index")
    if wanted == "stale":
        messages.warning(request, _("Confirming needs your second factor anew. Then press again."))
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
    return None
