"""What collectors ask a PostgreSQL: the fields of such a check, and a session that can only read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg2 import ProgrammingError
from psycopg2.extensions import make_dsn, parse_dsn

from integrations.postgresql import Fault, Session, session
from monitoring.asking import in_words
from monitoring.collector import (
    SECRET,
    CollectError,
    CollectorForm,
    Refusing,
    SecretField,
    Settings,
    resolved,
)

# In the languages of servers here: it answers, and takes nobody in; or nothing answers at all.
FULL: Final = re.compile("too many (clients|connections)|connection slots|너무 많은|연결 슬롯")
CLOSED: Final = re.compile("(starting up|shutting down|not yet accepting|recovery mode)")
DEAD: Final = re.compile(
    "refused|timed out|no route|unreachable|reset by peer|closed the connection|no such file",
    re.IGNORECASE,
)


OURS: Final = "portal"  # instead of an address: the database that this portal itself lives in


class DatabaseForm(CollectorForm):
    may_be_ours: ClassVar[bool] = False

    address = forms.CharField(
        label=_("database"), max_length=500,
        widget=forms.TextInput(attrs={"class": "mono", "spellcheck": "false"}),
        help_text=_("As postgresql://user@host:5432/name, without a password; or env:NAME for all of it."),
    )  # fmt: skip
    password = SecretField(label=_("password"), required=False)

    def clean_address(self) -> str:
        said: str = self.cleaned_data["address"]
        if SECRET.fullmatch(said) or (self.may_be_ours and said == OURS):
            return said
        try:
            parts: dict[str, Any] = parse_dsn(said)
        except ProgrammingError as error:
            raise forms.ValidationError(
                _("This is no address of a PostgreSQL. Write postgresql://user@host:5432/name.")
            ) from error
        if "password" in parts:
            raise forms.ValidationError(
                _("Secrets are not kept here. Write env:NAME, and set the variable NAME.")
            )
        return said


@contextmanager
def asked(settings: Settings, *, timeout: float) -> Iterator[Session]:
    """Raises CollectError, and Refusing where the server takes nobody in."""
    address, password = _address(settings), resolved(settings["password"])
    try:
        parse_dsn(address)
    except ProgrammingError as error:  # its own words would repeat the address, and what is in it
        raise CollectError(_now("The variable holds no address of a PostgreSQL.")) from error
    try:
        with session(address, password=password, seconds=timeout) as found:
            yield found
    except TimeoutError as error:
        raise Refusing(in_words("timed out", timeout)) from error
    except Fault as error:
        raise _told(str(error), timeout) from error


def _address(settings: Settings) -> str:
    if settings["address"] != OURS:
        return resolved(settings["address"])
    try:
        ours = connection.settings_dict
    except ImproperlyConfigured as error:  # on a host with an agent
        raise CollectError(_now("The portal's own tables cannot be read here.")) from error
    names = {
        "HOST": "host",
        "PORT": "port",
        "USER": "user",
        "PASSWORD": "password",
        "NAME": "dbname",
    }
    return str(make_dsn(**{theirs: ours[name] for name, theirs in names.items() if ours[name]}))


def _told(text: str, timeout: float) -> CollectError:
    text = re.sub(r"^[A-Z가-힣 ]+:\s+", "", text)
    if FULL.search(text):
        return Refusing(_now("It takes no more connections: all are in use."))
    if CLOSED.search(text):
        return Refusing(_now("It takes no connections now: %(why)s.") % {"why": text})
    if re.search("password authentication failed|no password supplied", text):
        return CollectError(_now("It refuses this user or password."))
    return (Refusing if DEAD.search(text) else CollectError)(in_words(text, timeout))
