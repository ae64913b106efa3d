"""Game days of the runbooks, in the whole product: broken, found, recovered, and told."""

from collections.abc import Callable

import pytest

from tests.running import Product

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(600)]

OPEN = "SELECT count(*) FROM runbooks_run WHERE state NOT IN ('done', 'aborted')"


PROVEN = {
    "alert-storm": ("nobody twice",),
    "paging-provider-down": ("CAUGHT UP ",),
    "system-down": ("All is well", "정상이에요"),
    "network": ("All is well", "정상이에요"),
    "database": ("FREE ",),
    "site-loss": ("REPORT ",),
    "data-recovery": ("BACK  200,000 of 200,000",),
}


@pytest.mark.parametrize("name", PROVEN)
def test_a_game_day_ends_well_and_leaves_nothing_open(
    product: Product, tell: Callable[[object], None], name: str
) -> None:
    told = product.manage("gameday", name)  # which ends 0
    tell(told)
    assert any(words in told for words in PROVEN[name])
    assert product.sql(OPEN) == [(0,)]
