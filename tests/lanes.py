"""A run in several lanes at once (`pytest -n 2`): which tests share one, and what begins first."""

from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.environment import LANE

# Each takes the machine to its edge, or judges by the clock.
ALONE = (
    "tests/fault/one_system/",
    "tests/fault/test_hour_of_kills.py",
    "tests/fault/test_no_broker.py",
    "tests/fault/test_storm.py",
    "tests/runbooks/test_rolling_recovery.py",
)
DRAWING = "tests/browser/"  # with a second Chromium beside it, one may not come to draw
TOGETHER = (DRAWING, "tests/story/")  # these share what they have started


class Lanes(LoadScopeScheduling):
    """A file stays in one lane with what it has started; of what judges by the clock, only one runs."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ALONE):
            return "alone"
        together = [folder for folder in TOGETHER if nodeid.startswith(folder)]
        return together[0] if together else nodeid.partition("::")[0]

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

    That is what judges by the clock, a folder in a row, what asks for much time, and all that is
    drawn, which one lane does in a row.
    """
    if LANE:
        items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, str, Any, bool]:
    marker = item.get_closest_marker("timeout")
    asked = marker.args[0] if marker else 0
    alone = item.nodeid.startswith(ALONE)
    folder = str(item.path.parent) if alone else ""
    return not alone, folder, -asked, not item.nodeid.startswith(DRAWING)
