from collections.abc import Iterator

import pytest
from pytest_django import Settings

from energy import looking
from tests.energy.company import company, firm, running_company
from tests.energy.shortage import shop
from tests.sandbox.conftest import Sandbox, running_sandbox, sandbox

__all__ = ["company", "firm", "running_company", "running_sandbox", "sandbox", "shop"]


@pytest.fixture
def chain(sandbox: Sandbox, settings: Settings) -> Iterator[Sandbox]:
    """The sandbox's chain as at its start, which the product asks through its real client."""
    looking._prices.cache_clear()
    for path in ("/tron/faults", "/tron2/faults"):
        sandbox.http.delete(path).raise_for_status()
    sandbox.http.post("/chain/reset", json={}).raise_for_status()
    settings.TRON_NODE_URL = f"{sandbox.url}/tron/"
    settings.TRON_SECOND_NODE_URL, settings.TRON_TIMEOUT = "", 2.0
    yield sandbox
    for path in ("/tron/faults", "/tron2/faults"):
        sandbox.http.delete(path).raise_for_status()
