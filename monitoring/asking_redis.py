"""What collectors ask a Redis: the fields of such a check, and a session whose faults are in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from integrations.redis import Address, Fault, Session, session
from monitoring.asking import EncryptedForm, in_words, tls_of
from monitoring.collector import (
    SECRET,
    CollectError,
    Refusing,
    SecretField,
    Settings,
    resolved,
)

FULL: Final = re.compile("max number of clients")
LOADING: Final = re.compile("LOADING")
DEAD: Final = re.compile(
    "refused|timed out|in time|no route|unreachable|reset by peer|disconnected", re.IGNORECASE
)
UNKNOWN: Final = re.compile("NOAUTH|WRONGPASS|invalid password|without any password")


class RedisForm(EncryptedForm):
    address = forms.CharField(
        label=_("address"), max_length=500,
        widget=forms.TextInput(attrs={"class": "mono", "spellcheck": "false"}),
        help_text=_("As redis://host:6379/0 (rediss:// encrypted), without a password; or env:NAME for all of it."),
    )  # fmt: skip
    password = SecretField(label=_("password"), required=False)

    field_order = ("address", "password")

    def clean_address(self) -> str:
        said: str = self.cleaned_data["address"]
        if SECRET.fullmatch(said):
            return said
        try:
            parts = Address.of(said)
        except ValueError as error:
            raise forms.ValidationError(
                _("This is no address of a Redis. Write redis://host:6379/0.")
            ) from error
        if parts.password:
            raise forms.ValidationError(
                _("Secrets are not kept here. Write env:NAME, and set the variable NAME.")
            )
        return said


@contextmanager
def asked(settings: Settings, *, timeout: float) -> Iterator[Session]:
    """Raises CollectError, and Refusing where the server takes nobody in."""
    try:
        address = Address.of(resolved(settings["address"]))
    except ValueError as error:
        raise CollectError(_now("The variable holds no address of a Redis.")) from error
    if password := resolved(settings["password"]):
        address = replace(address, password=password)
    try:
        with session(address, seconds=timeout, tls=tls_of(settings)) as found:
            yield found
    except OSError as error:
        kind = Refusing if DEAD.search(str(error)) else CollectError
        raise kind(in_words(str(error), timeout)) from error
    except Fault as error:
        raise _told(str(error)) from error


def _told(text: str) -> CollectError:
    if FULL.search(text):
        return Refusing(_now("It takes no more connections: all are in use."))
    if LOADING.search(text):
        return Refusing(_now("It is still loading what it holds."))
    if UNKNOWN.search(text):
        return CollectError(_now("It refuses this user or password."))
    return CollectError(text)
