"""The response console: Django's admin in Unfold, for administrators."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite
from unfold.templatetags import unfold_list

from teams.access import lacks_second_factor
from teams.domain.roles import Action
from teams.models import User

View = Callable[..., HttpResponseBase]
ROWS: Final = 50

# Unfold runs on Alpine.js, which needs eval; the exception ends at the console's door.
relaxed = csp_update(
    {"script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}
)


Headers = Callable[[Any], Iterable[dict[str, Any]]]


def made_once(headers: Headers) -> Headers:
    """Unfold makes the headers of a list anew for each of its rows: a third of the page's time."""

    @wraps(headers)
    def kept(shown: Any) -> Iterable[dict[str, Any]]:
        if not hasattr(shown, "headers_made"):
            shown.headers_made = list(headers(shown))
        made: list[dict[str, Any]] = shown.headers_made
        return made

    return kept


unfold_list.result_headers = made_once(unfold_list.result_headers)


class ResponseConsole(UnfoldAdminSite):
    index_title = gettext_lazy("Response console")

    def register(self, *args: Any, **options: Any) -> None:
        """A hundred rows, Django's usual page, are half a megabyte of markup, and more than a phone likes."""
        super().register(*args, **{"list_per_page": ROWS} | options)

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.may(Action.ADMINISTER)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded: View = relaxed(super().admin_view(view, cacheable))

        def with_second_factor(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            if isinstance(user, User) and user.may(Action.ADMINISTER) and lacks_second_factor(user):
                messages.warning(request, _("The console needs a second factor. Set one up first."))
                return redirect("mfa_index")
            return guarded(request, *args, **kwargs)

        return with_second_factor

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One door for everybody: sign-in, its throttle and its second factor are allauth's."""
        if request.user.is_authenticated:
            return redirect("home")
        return redirect(f"{reverse('account_login')}?next={request.get_full_path()}")
