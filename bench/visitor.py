"""Somebody who has signed in to the portal, with one kept connection."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.product import PASSWORD, Product

SIGN_IN = "/accounts/login/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Refused(Exception):
    """The portal answered with something else than what was asked for."""


@dataclass
class Visitor:
    product: Product
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=60)
        self.get(SIGN_IN)
        said = {"login": "commander", "password": PASSWORD}
        self.post(SIGN_IN, urlencode(said | {"csrfmiddlewaretoken": self._csrf}), FORM)

    def get(self, path: str) -> float:
        """How long the whole page took."""
        began = time.perf_counter()
        self._ask("GET", path)
        return time.perf_counter() - began

    def post(self, path: str, body: str = "{}", headers: dict[str, str] | None = None) -> None:
        headers = headers or {"Content-Type": "application/json"}
        self._ask("POST", path, body, headers | {"X-CSRFToken": self._csrf})

    @property
    def _csrf(self) -> str:
        return self.cookies.get(f"bongsu_csrf_{self.product.port}", "")

    def _ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> None:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**(headers or {}), "Cookie": kept}
        answer = self._answer(method, path, body.encode(), headers)
        answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            found = SimpleCookie(line)
            self.cookies.update({name: morsel.value for name, morsel in found.items()})
        to_sign_in = SIGN_IN in answer.headers.get("Location", "")
        if answer.status >= 400 or to_sign_in:
            raise Refused(f"{method} {path}: {answer.status}")

    def _answer(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Once more on a new connection, where the old one lay idle until the server hung up."""
        try:
            self._line.request(method, path, body, headers)
            return self._line.getresponse()
        except ConnectionError:
            self._line.close()
            self._line.request(method, path, body, headers)
            return self._line.getresponse()
