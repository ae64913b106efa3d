"""What it means to buy energy on a market: quotes, orders, and how a purchase may fail.

All money is int sun. A market's word is no proof that energy came: the chain's is.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

Idempotency = Literal["key", "lookup", "none"]


class MarketError(Exception):
    """One of the three below, and nothing else, comes out of a provider."""


class Rejected(MarketError):
    """Nothing was bought and nothing will be: the next provider may be tried."""


class Unknown(MarketError):
    """It may have been bought: `find` it before anything is bought again."""


class RateLimited(MarketError):
    """Nothing was bought; ask again no sooner than after so many seconds."""

    def __init__(self, text: str, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class OrderState(StrEnum):
    PENDING = "PENDING"
    PARTIAL = "PARTIAL"
    ACTIVE = "ACTIVE"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class Quote:
    provider: str
    receiver: str
    energy: int
    seconds: int
    total_sun: int
    sun_per_energy: int  # as the market counts, which for days is a day's price
    available: int  # energy it could deliver now
    expires_at: datetime


@dataclass(frozen=True)
class OrderRef:
    provider: str
    order_id: str
    client_order_id: str


@dataclass(frozen=True)
class Order:
    """What the market says about it."""

    ref: OrderRef
    state: OrderState
    energy: int  # delivered, as it says
    paid_sun: int
    delegate_txids: tuple[str, ...] = field(default=())
    expires_at: datetime | None = None


class EnergyProvider(Protocol):
    """A market: one file in `energy/providers`, registered under its name.

    Every method raises only MarketErrors. `quote` and `balance` spend nothing, so they never raise
    Unknown. `buy` asks once and never tries again by itself. After an Unknown call `recover`.
    """

    name: str
    min_energy: int
    max_energy: int
    durations: tuple[int, ...] | None  # seconds; None: any
    idempotency: Idempotency  # key: a repeat is the same order; lookup: it can only be found

    @property
    def configured(self) -> bool: ...
    def balance(self) -> int: ...
    def quote(self, receiver: str, energy: int, seconds: int) -> Quote: ...
    def buy(self, quote: Quote, client_order_id: str, max_total_sun: int) -> OrderRef: ...
    def find(self, client_order_id: str, *, quote: Quote, since: datetime) -> OrderRef | None: ...
    def status(self, ref: OrderRef) -> Order: ...


def check_request(provider: EnergyProvider, energy: int, seconds: int) -> None:
    """Raises Rejected for what this market does not sell."""
    if not provider.min_energy <= energy <= provider.max_energy:
        raise Rejected(f"{provider.name} sells {provider.min_energy} to {provider.max_energy}")
    if provider.durations is not None and seconds not in provider.durations:
        raise Rejected(f"{provider.name} does not rent for {seconds} s")


def check_price(quote: Quote, max_total_sun: int) -> None:
    """Raises Rejected for a price above what may be paid, before anything is sent."""
    if quote.total_sun <= 0:
        raise Rejected(f"{quote.provider} quoted {quote.total_sun} sun")
    if quote.total_sun > max_total_sun:
        raise Rejected(f"{quote.total_sun} sun is above the limit of {max_total_sun}")


def recover(
    provider: EnergyProvider,
    quote: Quote,
    client_order_id: str,
    *,
    max_total_sun: int,
    since: datetime,
) -> OrderRef | None:
    """The order of a purchase whose outcome is unknown; None: it was not made.

    A market that knows our key is asked again with it, which is the earlier order or, if that never
    arrived, the one purchase. Any other is only looked through, which buys nothing.
    """
    if provider.idempotency != "key":
        return provider.find(client_order_id, quote=quote, since=since)
    again = provider.quote(quote.receiver, quote.energy, quote.seconds)
    return provider.buy(again, client_order_id, max_total_sun)
