"""A run in several lanes at once (`pytest -n 3`): which tests share one, and what begins first.

One more than there are processors: much is waited for, above all by those who judge by the clock.
"""

from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.environment import LANE

# Each takes the machine to its edge, or judges by the clock.
ALONE = tuple(
    f"tests/fault/test_{name}.py"
    for name in (
        "clockwork", "hour_of_kills", "killed_sender", "no_broker", "restarts", "storm", "whole_house",
    )
)  # fmt: skip
DRAWING = "tests/browser/"  # with a second Chromium beside it, one may not come to draw


class Lanes(LoadScopeScheduling):
    """A file stays in one lane with what it has started; of what judges by the clock, only one runs."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file in ALONE:
            return "alone"
        return DRAWING if file.startswith(DRAWING) else file

    @property
    def nodes(self) -> list[WorkerController]:
        """In which order they are given something to do: what begins first is for the first lane."""
        return sorted(super().nodes, key=lambda lane: str(lane.gateway.id))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    config.option.loadscopereorder = False  # by the number of tests, which says little
    return Lanes(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, lest one lane waits for another at the end.

    That is what judges by the clock, what asks for much time, and all that is drawn, which one lane
    does in a row.
    """
    if LANE:
        items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, Any, bool]:
    marker = item.get_closest_marker("timeout")
    asked = marker.args[0] if marker else 0
    return item.nodeid.partition("::")[0] not in ALONE, -asked, not item.nodeid.startswith(DRAWING)
