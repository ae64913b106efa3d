from collections.abc import Iterator

import pytest

from integrations.tron import Node
from tests.integrations.tron.wire import Wire, wires


@pytest.fixture
def wire() -> Iterator[Wire]:
    with wires() as started:
        yield started


@pytest.fixture
def node(wire: Wire) -> Node:
    return Node(wire.url, seconds=2)
