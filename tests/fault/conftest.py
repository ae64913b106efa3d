import random
from collections.abc import Callable, Iterator

import pytest

from tests import running

SAID: list[str] = []


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Product]:
    with running.product(tmp_path_factory, "fault") as product:
        yield product


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[object], None]:
    """A line of figures for the end of the run: the tests assert promises, people want to know more."""
    return lambda words: SAID.append(f"{request.node.name}: {words}")


@pytest.fixture
def seed(tell: Callable[[object], None]) -> int:
    chosen = random.randrange(1_000_000)
    tell(f"seed {chosen}")
    return chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in SAID:
        terminalreporter.write_line(line)
