from collections.abc import Callable, Iterator

import pytest

from tests.server import Server, servers


@pytest.fixture
def server() -> Iterator[Callable[..., Server]]:
    with servers() as start:
        yield start
