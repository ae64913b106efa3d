"""Who failed to sign in, and who became an administrator: told to whoever watches this portal.

The first is noted when Django says so. The second is noted by the database itself (a trigger), so that
it shows however it was done: in the console, by a command, or by hand in psql.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import PermissionDenied
from django.db import models
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT: Final = timedelta(days=90)


class AccessEvent(models.Model):
    """What was typed is not kept: some type their password where their name belongs."""

    class Kind(models.TextChoices):
        FAILED = "failed", _("sign-in failed")
        ADMINISTRATOR = "administrator", _("became an administrator")

    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    at = models.DateTimeField(_("time"), default=timezone.now)
    # Nobody, when there is no such person, or no longer.
    user = models.ForeignKey(
        "teams.User", models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    address = models.GenericIPAddressField(_("address"), null=True)

    class Meta:
        verbose_name = _("sign-in and access")
        verbose_name_plural = _("sign-ins and access")
        ordering = ["-at"]
        indexes = [models.Index(fields=["kind", "at"], name="access_event")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


@receiver(user_login_failed)
def note_failure(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_more: object
) -> None:
    AccessEvent.objects.create(
        kind=AccessEvent.Kind.FAILED, user_id=_known(credentials), address=_address(request)
    )


def _known(credentials: dict[str, Any]) -> int | None:
    for field in ("username", "email"):
        if typed := str(credentials.get(field) or "").replace("\0", "")[:254]:
            found = get_user_model().objects.filter(**{f"{field}__iexact": typed}).first()
            return found.pk if found else None
    return None


def _address(request: HttpRequest | None) -> str | None:
    if request is None:
        return None
    try:
        found: str | None = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a proxy that says less than it should
        return None
    return found


def prune_access_events(*, at: datetime) -> None:
    AccessEvent.objects.filter(at__lt=at - KEPT).delete()
