"""What collectors ask of the status pages of servers: where they are, who asks, and one answer."""

import base64
import json
import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.asking import AddressField, Asked, EncryptedForm, ask
from monitoring.collector import CollectError, SecretField, Settings, resolved


class PageForm(EncryptedForm):
    url = AddressField(label=_("address"), max_length=2000)
    user = forms.CharField(label=_("user"), required=False, max_length=200)
    password = SecretField(label=_("password"), required=False)

    field_order = ("url", "user", "password")


class Pages:
    """Pages of one server, within one deadline for all of them."""

    def __init__(self, settings: Settings, *, timeout: float) -> None:
        self._until, self._timeout = time.monotonic() + timeout, timeout
        self._base = str(settings["url"])
        self._settings = {**settings, "method": "GET", "body": "", "headers": _signed(settings)}

    def get(self, path: str = "") -> Asked:
        """Raises CollectError for whatever is not a 200."""
        left = max(0.0, self._until - time.monotonic())
        url = self._base.rstrip("/") + path if path else self._base
        asked = ask({**self._settings, "url": url}, timeout=left)
        if asked.answer.status in (401, 403):
            raise CollectError(_now("It refuses this user or password."))
        if asked.answer.status != 200:
            raise CollectError(
                _now("It answered %(status)s, not %(expected)s.")
                % {"status": asked.answer.status, "expected": 200}
            )
        return asked

    def json(self, path: str) -> Any:
        try:
            return json.loads(self.get(path).text)
        except (ValueError, RecursionError) as error:
            raise CollectError(_now("The answer is no JSON, or too long.")) from error


def _signed(settings: Settings) -> str:
    if not settings["user"]:
        return ""
    said = f"{settings['user']}:{resolved(settings['password'])}"
    return f"Authorization: Basic {base64.b64encode(said.encode()).decode()}"
