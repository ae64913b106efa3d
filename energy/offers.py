"""What the markets ask for, now. Asking costs nothing; one that does not answer in time sells nothing."""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Final

from energy.domain.market import EnergyProvider, MarketError
from energy.domain.planning import Offer
from energy.registry import providers

log = logging.getLogger(__name__)

DEADLINE: Final = 6.0  # seconds, for all of them together


def on_sale() -> set[str]:
    """The markets that are set up."""
    return {name for name in providers if providers[name].configured}


def offers(
    receiver: str, energy: int, *, seconds: timedelta, without: Iterable[str] = ()
) -> list[Offer]:
    """One of each market that is set up, for so much energy or as near to it as the market sells."""
    asked = [providers[name] for name in sorted(on_sale() - set(without))]
    if not asked or energy <= 0:
        return []
    pool = ThreadPoolExecutor(len(asked), thread_name_prefix="market")
    try:
        waiting = [
            pool.submit(_offer, one, receiver, energy, int(seconds.total_seconds()))
            for one in asked
        ]
        done = wait(waiting, timeout=DEADLINE).done
        return [found for one in waiting if one in done and (found := one.result())]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _offer(provider: EnergyProvider, receiver: str, energy: int, seconds: int) -> Offer | None:
    wanted = min(max(energy, provider.min_energy), provider.max_energy)
    try:
        quote = provider.quote(receiver, wanted, seconds)
    except MarketError as error:
        log.warning("%s has no price: %s", provider.name, error)
        return None
    if quote.available < wanted:
        wanted = max(quote.available, 0)
    if wanted < provider.min_energy:
        return None
    total = (
        quote.total_sun * wanted // quote.energy + 1 if wanted != quote.energy else quote.total_sun
    )
    return Offer(provider.name, wanted, total, provider.min_energy)
