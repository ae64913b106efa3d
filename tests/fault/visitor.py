"""Somebody who keeps looking at the portal while things break."""

import re
import threading
from collections import Counter
from types import TracebackType
from typing import Self

import httpx2

from tests.running import PASSWORD, Product

LOOKS_EVERY = 0.1
PATHS = ("/incidents/", "/alerts/", "/healthz")


class Visitor:
    """Signed in, and with a token for the API; `answers` counts (path, status)."""

    def __init__(self, product: Product) -> None:
        self.product, self.answers = product, Counter[tuple[str, int]]()
        self.browser = httpx2.Client(base_url=product.url, timeout=20)
        self.gone = threading.Event()
        self.thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        form = self.browser.get("/accounts/login/").text
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[0]
        who = {"login": "commander", "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert self.browser.post("/accounts/login/", data=who).status_code == 302
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gone.set()
        self.thread.join()
        self.browser.close()

    def _look(self) -> None:
        while not self.gone.wait(LOOKS_EVERY):
            for path in PATHS:
                self.answers[path, self.browser.get(path).status_code] += 1
            answer = self.product.api.get("/api/v1/incidents/")
            self.answers["/api/v1/incidents/", answer.status_code] += 1
