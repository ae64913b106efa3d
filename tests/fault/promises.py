"""The promises of a run with faults, asserted with what broke them."""

from collections import Counter

from tests.fault.checker import Page, Verdict, judge
from tests.fault.driver import Driver
from tests.running import Product, until

NEXT_STEP = 10.0
UNDONE = """
SELECT (SELECT count(*) FROM notifications_delivery WHERE state IN ('pending', 'leased'))
     + (SELECT count(*) FROM monitoring_alert WHERE unread)
"""
WHAT_IS_LEFT = """
SELECT lane, channel, state, count(*), min(due_at) - now() FROM notifications_delivery
 WHERE state IN ('pending', 'leased') GROUP BY 1, 2, 3
UNION ALL SELECT -1, 'alert', 'unread', count(*), NULL FROM monitoring_alert WHERE unread
"""
CUT_OFF = """
SELECT context ->> 'title', channel, address FROM notifications_delivery delivery
  JOIN notifications_attempt attempt ON attempt.delivery_id = delivery.id
 WHERE attempt.outcome = 'lost' AND delivery.lane = 0
"""
IN_FLIGHT_NOW = "SELECT count(*) FROM notifications_delivery WHERE state = 'leased'"


def quiet(product: Product, *, within: float = 90.0) -> None:
    """Wait until nothing is to be done any more."""
    is_quiet = until(lambda: product.sql(UNDONE) == [(0,)], within=within, every=0.3)
    assert is_quiet, f"never quiet: {product.sql(WHAT_IS_LEFT)}"


def in_flight(product: Product) -> int:
    [(count,)] = product.sql(IN_FLIGHT_NOW)
    return int(count)


def cut_off(product: Product, driver: Driver) -> Counter[Page]:
    """How often the sender of each page of this driver died on the way, by the product's record."""
    rows = product.sql(CUT_OFF)
    named = ((title.rpartition(" ")[2], channel, address) for title, channel, address in rows)
    return Counter(
        Page(alert, channel, "p0" if channel == "webhook" else address)
        for alert, channel, address in named
        if alert.startswith(driver.run)
    )


def kept(product: Product, driver: Driver, *, pause: float = 0.0) -> Verdict:
    """Nothing lost, nothing nobody asked for, a repeat only of what was cut off, nothing too late.

    `pause` is for how long nothing at all was running.
    """
    verdict = judge(driver.accepted, product.sandbox.journal())
    broken = cut_off(product, driver)
    assert not verdict.lost, f"{verdict}: lost {sorted(verdict.lost)[:5]}"
    assert not verdict.phantom, f"{verdict}: phantom {sorted(verdict.phantom)[:5]}"
    assert not verdict.torn, f"{verdict}: two keys for one page {sorted(verdict.torn)[:5]}"
    assert verdict.repeats <= broken, f"{verdict}: repeated though it was not cut off"
    late = verdict.later_than(NEXT_STEP + pause)
    assert not late, f"{verdict}: late {sorted(late)[:5]}"
    return verdict
