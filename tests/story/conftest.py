from collections.abc import Iterator

import pytest

from tests import running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Product]:
    with running.product(tmp_path_factory, "story") as product:
        yield product
