"""A run in several lanes at once (`pytest -n 2`): which tests share one, and what begins first."""

from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.environment import LANE

ALONE = "tests/fault/"  # each takes the machine to its edge, and judges by the clock
DRAWING = "tests/browser/"  # with a second Chromium beside it, one may not come to draw


class Lanes(LoadScopeScheduling):
    """A file stays in one lane with what it has started; of what kills a running system, only one runs."""

    def _split_scope(self, nodeid: str) -> str:
        shared = (one for one in (ALONE, DRAWING) if nodeid.startswith(one))
        return next(shared, nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    config.option.loadscopereorder = False  # by the number of tests, which says little
    return Lanes(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, lest one lane waits for another at the end.

    That is what asks for much time, then all that is drawn, which one lane does in a row.
    """
    if LANE:
        items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, Any, bool]:
    marker = item.get_closest_marker("timeout")
    asked = marker.args[0] if marker else 0
    return not item.nodeid.startswith(ALONE), -asked, not item.nodeid.startswith(DRAWING)
