import random
from collections.abc import Callable, Iterator

import pytest

from tests import running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Product]:
    with running.product(tmp_path_factory, "fault") as product:
        yield product


@pytest.fixture
def seed(tell: Callable[[object], None]) -> int:
    chosen = random.randrange(1_000_000)
    tell(f"seed {chosen}")
    return chosen
