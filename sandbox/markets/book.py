"""What every market does behind its own words: prices, a prepaid account, orders carried out on the chain."""

import time
from dataclasses import dataclass, field
from secrets import token_hex

from sandbox.chain import addresses, cast
from sandbox.chain.accounts import SUN
from sandbox.chain.actuators import Invalid
from sandbox.chain.faults import Faults
from sandbox.chain.ledger import Chain

DAY = 86_400
DEAR = 20  # times the usual price
FAULTS = (
    "hang", "lose_reply", "undelivered", "partial", "limited", "rejected", "dear", "unavailable",
    "breaks_after", "garbage",
)  # fmt: skip


class Refusal(Exception):
    """The market does not take the order; it says so in its own way."""


@dataclass
class Sale:
    id: str
    receiver: str  # as people write it
    asked: int
    seconds: int
    paid_sun: int
    at: float
    client_id: str = ""
    delivered: int = 0
    txid: str = ""
    claimed: bool = False  # it says that it delivered all, whether it did or not

    @property
    def ends(self) -> float:
        return self.at + self.seconds


@dataclass
class Book:
    chain: Chain
    price: int  # sun for one energy, for a day or less
    faults: Faults = field(default_factory=lambda: Faults(FAULTS))
    balance: int = 5_000 * SUN
    sales: dict[str, Sale] = field(default_factory=dict)

    def unit_price(self) -> int:
        return self.price * (DEAR if "dear" in self.faults.on() else 1)

    def cost(self, energy: int, seconds: int) -> int:
        """Whoever rents for less than a day pays a day, as nearly everywhere."""
        return -(-self.unit_price() * energy * max(seconds, DAY) // DAY)

    def spare(self) -> int:
        self.chain.advance()
        owner = self.chain.account(cast.address(cast.MARKET))
        return self.chain.limit(owner)

    def find(self, client_id: str) -> Sale | None:
        found = [one for one in self.sales.values() if client_id and one.client_id == client_id]
        return found[0] if found else None

    def sell(self, receiver: str, energy: int, seconds: int, *, client_id: str = "") -> Sale:
        """Raises Refusal; otherwise it is paid for, and delegated as far as the faults let it."""
        address = self._receiver(receiver)
        cost = self.cost(energy, seconds)
        if self.faults.strike("rejected", "order"):
            raise Refusal("the order is not accepted")
        if cost > self.balance:
            raise Refusal("insufficient balance")
        now = time.time()
        sale = Sale(
            f"{int(now):08x}{token_hex(8)}", receiver, energy, seconds, cost, now, client_id
        )
        self._deliver(sale, address)
        self.balance -= cost
        self.sales[sale.id] = sale
        return sale

    def _receiver(self, receiver: str) -> str:
        try:
            address = addresses.read(receiver)
            self.chain.account(address)
        except (Invalid, ValueError) as error:
            raise Refusal(str(error)) from None
        return address

    def _deliver(self, sale: Sale, address: str) -> None:
        if self.faults.strike("undelivered", "order"):
            sale.claimed, sale.txid = True, token_hex(32)  # of a transaction that never was
            return
        part = 2 if self.faults.strike("partial", "order") else 1
        owner, until = cast.address(cast.MARKET), int(sale.ends * 1000)
        try:
            sale.txid = self.chain.rent(owner, address, sale.asked // part, until=until)
        except Invalid as error:
            raise Refusal(f"not enough energy to sell: {error}") from None
        sale.delivered, sale.claimed = sale.asked // part, part == 1
