"""Customers read the page while each process dies, and all of them: what they get is whole, and it goes on by itself."""

import threading
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx2
import pytest

from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]

PATHS = ("/status/", "/status/en/", "/api/v2/summary.json", "/status/history.atom")
ENDS = {"/status/": b"</html>\n", "/status/en/": b"</html>\n", "/api/v2/summary.json": b"}"}
SIGN = "/status/heartbeat.json"
BEHIND = ("postgres", "beat", "worker-background", "worker-pages", "worker-crowd")
CHANGED = "INSERT INTO statuspage_change (why, at) VALUES ('test', now()) RETURNING id"
EVERY = 0.05


class Reader:
    """A connection for each page, as strangers have; `answers` counts statuses, and nobody there as 0."""

    def __init__(self, product: Product) -> None:
        self.product, self.gone = product, threading.Event()
        self.answers, self.torn = Counter[int](), list[str]()
        self.thread = threading.Thread(target=self._read)

    def __enter__(self) -> Self:
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

    def _read(self) -> None:
        while not self.gone.wait(EVERY):
            for path in PATHS:
                try:
                    answer = httpx2.get(f"{self.product.url}{path}", timeout=10)
                except httpx2.HTTPError:
                    self.answers[0] += 1
                    continue
                self.answers[answer.status_code] += 1
                if answer.is_success and not answer.content.endswith(ENDS.get(path, b">")):
                    self.torn.append(path)


def change_shown(product: Product) -> int:
    with httpx2.Client() as reader:
        said = reader.get(f"{product.url}{SIGN}", timeout=10).json()
    return int(said["version"].partition(".")[0])


def goes_on(product: Product) -> bool:
    """What is changed now is published."""
    assert until(product.is_ready, within=90)
    ((number,),) = product.sql(CHANGED)
    return until(lambda: change_shown(product) >= number, within=60)


def test_the_page_is_read_whole_while_what_is_behind_it_dies_in_turn(
    product: Product, tell: Callable[[object], None]
) -> None:
    assert goes_on(product)
    with Reader(product) as reader:
        for name in BEHIND:
            product.kill(name)
            assert goes_on(product), name

    tell(dict(reader.answers))
    assert set(reader.answers) == {200}
    assert reader.torn == []


def test_the_page_comes_back_by_itself_when_who_serves_it_dies_or_the_power_fails(
    product: Product, tell: Callable[[object], None]
) -> None:
    with Reader(product) as reader:
        product.kill("web")
        assert goes_on(product)
        before = change_shown(product)
        product.kill_everything()
        product.start()
        assert change_shown(product) >= before
        assert goes_on(product)

    tell(dict(reader.answers))
    # Nobody there, or the page; never a mistake in its place.
    assert set(reader.answers) <= {0, 200}
    assert reader.torn == []
