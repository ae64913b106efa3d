"""The chain itself: accounts, blocks that come as time passes, and what they do."""

import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sandbox.chain import actuators
from sandbox.chain.accounts import SLOT, SUN, TOTAL_ENERGY, Account
from sandbox.chain.actuators import Invalid

WEIGHT = 19_100_000_000  # TRX staked by everybody else for energy
FIRST = 70_000_000
ENERGY_FEE = 100  # sun
STEP = 20  # slots of steady use that are counted at once


@dataclass(frozen=True)
class Block:
    number: int
    at: int  # ms
    id: str


@dataclass
class Transaction:
    txid: str
    kind: str
    value: Mapping[str, Any]
    raw: Mapping[str, Any]
    size: int
    expires: int
    signatures: list[str]


@dataclass(frozen=True)
class Receipt:
    txid: str
    block: int
    at: int
    fee: int
    net: int
    failed: str = ""


Rental = tuple[int, str, str, int]  # ends, from, to, sun


@dataclass
class Chain:
    """Nothing runs in the background: blocks are made when somebody looks.

    `block_ms` and `lag` (blocks until one is solid) may be shortened; energy always recovers by the clock.
    """

    now: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    block_ms: int = SLOT
    lag: int = 19
    accounts: dict[str, Account] = field(default_factory=dict)
    burning: dict[str, int] = field(default_factory=dict)  # address → energy an hour
    pending: dict[str, Transaction] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    known: dict[str, Transaction] = field(default_factory=dict)
    rentals: list[Rental] = field(default_factory=list)
    rented: dict[str, Rental] = field(default_factory=dict)  # by txid, also those that ended
    fail_next: int = 0  # receipts that say FAILED

    def __post_init__(self) -> None:
        self.began = self.now() - 100 * self.block_ms
        self.seen = self.head().number
        self._past: list[tuple[int, dict[str, Account], list[Rental]]] = []

    def head(self) -> Block:
        return self.block(FIRST + (self.now() - self.began) // self.block_ms)

    def solid(self) -> Block:
        return self.block(self.head().number - self.lag)

    def block(self, number: int) -> Block:
        digest = sha256(f"bongsu {number}".encode()).hexdigest()
        at = self.began + (number - FIRST) * self.block_ms
        return Block(number, at, f"{number:016x}{digest[:48]}")

    def quicken(self, block_ms: int) -> None:
        """Blocks take so long from now on, and are counted on."""
        passed = self.head().number - FIRST
        self.block_ms = block_ms
        self.began = self.now() - passed * block_ms

    @property
    def slot(self) -> int:
        return self.now() // SLOT

    @property
    def weight(self) -> int:
        """Whole TRX; what our accounts stake dilutes everybody, as it does there."""
        ours = sum(one.staked + sum(one.delegated.values()) for one in self.accounts.values())
        return WEIGHT + ours // SUN

    def limit(self, account: Account) -> int:
        return account.stake // SUN * TOTAL_ENERGY // self.weight

    def account(self, address: str) -> Account:
        """Raises Invalid for one that the chain has never seen."""
        try:
            return self.accounts[address]
        except KeyError:
            raise Invalid(f"Account[{address}] not exists") from None

    def add(self, account: Account) -> Account:
        account.created = self.now()
        return self.accounts.setdefault(account.address, account)

    def consume(self, address: str, energy: int) -> int:
        """A contract call by this account: staked energy first, then TRX is burned. Answers sun burned.

        Raises Invalid where neither suffices.
        """
        self.advance()
        account = self.account(address)
        covered = min(energy, max(0, self.limit(account) - account.usage(self.slot)))
        burned = (energy - covered) * ENERGY_FEE
        if burned > account.balance:
            raise Invalid("Not enough energy for the call: OUT_OF_ENERGY")
        account.use(covered, self.slot)
        account.balance -= burned
        return burned

    def rent(self, owner: str, receiver: str, energy: int, *, until: int) -> str:
        """What a market does: delegates so much energy, and takes it back at `until` (ms). Its txid.

        Raises Invalid where the owner has not so much to spare.
        """
        self.advance()
        sun = -(-energy * self.weight // TOTAL_ENERGY) * SUN
        txid = sha256(f"{owner} {receiver} {until} {len(self.rented)}".encode()).hexdigest()
        self._lend(txid, (until, owner, receiver, sun))
        self.rented[txid] = until, owner, receiver, sun
        return txid

    def _lend(self, txid: str, rental: Rental) -> None:
        until, owner, receiver, sun = rental
        kind = "DelegateResourceContract"
        value = {
            "owner_address": owner, "receiver_address": receiver, "balance": sun,
            "resource": actuators.ENERGY, "lock": False, "lock_period": 0,
        }  # fmt: skip
        actuators.validate(self, kind, value)
        actuators.apply(self, kind, value)
        self.rentals.append(rental)
        head = self.head()
        self.known[txid] = Transaction(txid, kind, value, {}, 270, until, [])
        self.receipts[txid] = Receipt(txid, head.number, head.at, 0, 270)

    def clear(self) -> None:
        """Nothing ever happened; known ids stay known, as in a node's cache."""
        for one in (self.accounts, self.burning, self.pending, self.receipts, self.rented):
            one.clear()
        self.rentals.clear()
        self._past.clear()

    def advance(self) -> None:
        """Everything that was due until now."""
        head = self.head()
        if head.number <= self.seen:
            return
        self._use_steadily(head.at)
        self._end_rentals(head.at)
        self._past = [one for one in self._past if one[0] > head.number - self.lag]
        if self.pending:
            past = deepcopy(self.accounts), list(self.rentals)
            self._past.append((self.seen + 1, *past))
            self._mine(self.block(self.seen + 1))
        self.seen = head.number

    def reorganise(self) -> int:
        """A fork wins in which the transactions since the last solid block never were.

        What a market had delegated it sends again.
        """
        self.advance()
        solid = self.solid().number
        lost = [one for one in self.receipts.values() if one.block > solid]
        ours = [one.txid for one in lost if one.txid not in self.rented]
        if not ours:
            return 0
        since, self.accounts, self.rentals = self._past[0]
        self._past.clear()
        for txid in ours:
            del self.receipts[txid]
        for receipt in lost:
            if receipt.txid in self.rented and receipt.block >= since:
                self._lend(receipt.txid, self.rented[receipt.txid])
        return len(ours)

    def _mine(self, block: Block) -> None:
        for transaction in list(self.pending.values()):
            self.receipts[transaction.txid] = self._carry_out(transaction, block)
        self.pending.clear()

    def _carry_out(self, transaction: Transaction, block: Block) -> Receipt:
        owner = self.account(transaction.value["owner_address"])
        fee, net = actuators.charge(owner, transaction.size, self.slot)
        failed = "sandbox: failed on demand" if self.fail_next else ""
        self.fail_next = max(0, self.fail_next - 1)
        if not failed:
            try:
                actuators.validate(self, transaction.kind, transaction.value)
                actuators.apply(self, transaction.kind, transaction.value)
            except Invalid as error:  # another transaction of the same block came first
                failed = str(error)
        return Receipt(transaction.txid, block.number, block.at, fee, net, failed)

    def _use_steadily(self, until: int) -> None:
        start = self.block(self.seen).at
        for address, rate in self.burning.items():
            account = self.accounts[address]
            slots = until // SLOT - start // SLOT
            for step in range(0, slots, STEP):
                width = min(STEP, slots - step)
                slot = start // SLOT + step + width
                room = max(0, self.limit(account) - account.usage(slot))
                account.use(min(room, rate * width * SLOT // 3_600_000), slot)

    def _end_rentals(self, until: int) -> None:
        over = [one for one in self.rentals if one[0] <= until]
        self.rentals = [one for one in self.rentals if one[0] > until]
        for _, owner, receiver, sun in over:
            actuators.undelegate(self, self.accounts[owner], receiver, sun)
