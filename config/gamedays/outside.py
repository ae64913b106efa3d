"""The sandbox's own hands, by which game days break what runbooks then mend."""

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from integrations import http
from maintenance.services.playing import only_the_sandbox


def post(path: str, wish: dict[str, Any]) -> None:
    """Raises Refused or Unreachable."""
    _wish("POST", path, wish)


def faulty(party: str, mode: str) -> None:
    """From now on this party behaves so; "ok" heals it. Raises Refused or Unreachable."""
    only_the_sandbox()
    _wish("PUT", f"/faults/{party}", {"mode": mode})


def _wish(method: str, path: str, wish: dict[str, Any]) -> None:
    answer = http.call(
        method,
        f"{settings.SANDBOX}{path}",
        headers={"Content-Type": "application/json"},
        body=json.dumps(wish).encode(),
        seconds=5.0,
        trusted=True,
    )
    if not answer.ok:
        raise Refused(_("The sandbox refused: %(status)s") % {"status": answer.status})


def answers(url: str) -> bool:
    """Whether somebody is there and well."""
    try:
        return http.call("GET", url, seconds=2.0, trusted=True).ok
    except http.Unreachable:
        return False
