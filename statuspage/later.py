"""Which forms of subscribers can be taken without a database, and what of them is kept."""

from datetime import datetime
from typing import Final

from django.http import QueryDict

from statuspage import tokens
from statuspage.domain.snapshot import written
from statuspage.models import LetterName, Way
from statuspage.services.limiting import network_of
from statuspage.spool import Asked, Spool
from statuspage.subscriber_forms import SubscribeForm

PICKED: Final = ("components", "groups")  # which only the tables know


def is_ours(what: str, token: str) -> bool:
    """A code is too short-lived, and what somebody has chosen cannot be shown: those wait for the tables."""
    if what == "leave":
        return tokens.key_leaving(token) is not None
    if what == "confirm":
        return tokens.is_signed(token, LetterName.CONFIRM)
    return what == "subscribe"


def keep(what: str, token: str, typed: QueryDict, *, client: str, at: datetime) -> bool:
    """False: it makes no sense, or there is no room."""
    fields = None if token else {name: typed.getlist(name) for name in typed if _is_field(name)}
    if not token and not _makes_sense(typed):
        return False
    network = tokens.digest(f"network {network_of(client)}")
    return Spool().keep(Asked(what, written(at), client, network, token, fields))


def _is_field(name: str) -> bool:
    return name in SubscribeForm.base_fields


def _makes_sense(typed: QueryDict) -> bool:
    said = typed.copy()
    for name in PICKED:
        said.pop(name, None)
    form = SubscribeForm(said)
    return form.is_valid() and form.by != Way.SMS  # its code is typed into the page that answers
