from collections.abc import Callable, Iterator

import pytest

from monitoring.collector import CollectError, Reading
from monitoring.registry import collectors
from tests.server import Server, servers


@pytest.fixture
def server() -> Iterator[Callable[..., Server]]:
    with servers() as start:
        yield start


class Taken:
    """What a collector read before it was done or gave up, and why it did."""

    def __init__(self, name: str, /, *, timeout: float, **settings: object) -> None:
        self.readings: list[Reading] = []
        self.fault = ""
        collector = collectors[name]
        try:
            for one in collector.collect(collector.cleaned(settings), timeout=timeout):
                self.readings.append(one)
        except CollectError as error:
            self.fault = str(error)

    def value(self, name: str, **labels: str) -> float:
        (found,) = [
            one.value
            for one in self.readings
            if one.name == name and labels.items() <= one.labels.items()
        ]
        return found

    @property
    def names(self) -> set[str]:
        return {one.name for one in self.readings}


@pytest.fixture
def take() -> Callable[..., Taken]:
    def taken(name: str, /, *, timeout: float = 3, **settings: object) -> Taken:
        return Taken(name, timeout=timeout, **settings)

    return taken
