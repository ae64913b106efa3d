"""Who has access and does not seem to need it, or has it less well guarded than it deserves."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from teams.domain.roles import Action, Role, may
from teams.models import ApiToken, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def unused_accounts(since: datetime) -> QuerySet[User]:
    never = Q(last_login=None, date_joined__lt=since)
    rows = User.objects.filter(never | Q(last_login__lt=since), is_active=True)
    return rows.order_by("last_login", "username")


def usable_tokens(at: datetime) -> QuerySet[ApiToken]:
    """Also those whose owner has gone: by the token alone nobody sees that they are dead."""
    rows = ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=at))
    return rows.select_related("user").order_by("created_at")


def without_second_factor() -> QuerySet[User]:
    """Of those who may do what hurts."""
    able = [role.value for role in Role if may(role, Action.COMMAND)]
    rows = User.objects.filter(is_active=True, role__in=able)
    return rows.exclude(authenticator__type__in=FACTORS).order_by("username")


def console_by_hand() -> QuerySet[User]:
    """The flags only repeat the role: where they differ, somebody set them in the database."""
    flagged = Q(is_staff=True) | Q(is_superuser=True)
    return User.objects.filter(flagged, is_active=True).exclude(role=Role.ADMINISTRATOR)
