"""One product for the stories: each knows its own fire by name, and leaves the outside as it was."""

from collections.abc import Iterator

import pytest

from tests import running


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Product]:
    with running.product(tmp_path_factory, "story") as product:
        yield product
