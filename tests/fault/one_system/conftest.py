"""A start takes as long as a short test: these know their own alerts by name, and leave all as it was."""

from collections.abc import Iterator

import pytest

from tests import running


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Product]:
    with running.product(tmp_path_factory, "one-system") as product:
        yield product
