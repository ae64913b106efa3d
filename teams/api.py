from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.forms import BaseForm
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, ValidationError
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core import clock
from teams.domain.roles import Action
from teams.models import ApiToken, Scope, User

if TYPE_CHECKING:  # the views import this module by its name in the settings
    from rest_framework.views import APIView

USED_AGAIN: Final = timedelta(minutes=1)  # "last used" is written at most this often


class ApiTokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode(errors="replace").split()
        if not words or words[0].lower() != "token":
            return None
        at = clock.now()
        token = ApiToken.objects.usable(words[-1], at=at) if len(words) == 2 else None
        if token is None:
            raise AuthenticationFailed("The token is unknown or has expired.")
        if token.last_used_at is None or at - token.last_used_at > USED_AGAIN:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class RoleAndScope(BasePermission):
    """Deny by default: the view names the action, the role allows it, the token's scope covers it."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        if not isinstance(user, User):
            return False
        reads = request.method in SAFE_METHODS
        covered = not isinstance(request.auth, ApiToken) or request.auth.scope == Scope.WRITE
        return (reads or covered) and user.may(self._action(request, view))

    def _action(self, request: Request, view: "APIView") -> Action:
        named: dict[str, Action] = getattr(view, "needs", {})
        name = getattr(view, "action", None) or str(request.method).lower()
        if request.method in SAFE_METHODS:
            return named.get(name, Action.READ)
        return named.get(name, Action.ADMINISTER)


def token_user(request: HttpRequest) -> User | None:
    """Whose API token a plain Django request carries, if any; raises AuthenticationFailed."""
    found = ApiTokenAuthentication().authenticate(Request(request))
    return found[0] if found else None


def person(request: Request) -> User:
    """The person behind a request that RoleAndScope has let through."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def demand_valid(form: BaseForm) -> None:
    """A form of the portal asked by a program: 400, and what is wrong with which field."""
    if not form.is_valid():
        raise ValidationError({name: [*map(str, wrong)] for name, wrong in form.errors.items()})
