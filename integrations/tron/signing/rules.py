"""What the signer signs: pure rules, which hold whatever the asking process was made to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrations.tron.addresses import is_address
from integrations.tron.contracts import SUN, Delegate, Undelegate, amount
from integrations.tron.facts import Account
from integrations.tron.transactions import Unsigned

DAY: Final = timedelta(hours=24)
LONGEST_LIFE: Final = timedelta(minutes=5)
HARMLESS: Final = frozenset({54, 57, 58, 59})  # stake, delegate, undelegate, cancel unstaking


@dataclass(frozen=True)
class Entry:
    """A signature that was given, or was about to be."""

    txid: str
    type: int
    sun: int
    at: datetime


@dataclass(frozen=True)
class Rules:
    owners: frozenset[str]
    receivers: frozenset[str]
    types: frozenset[int]
    permission_id: int
    sun_each: int
    sun_a_day: int  # of each type: to stake and then to lend is one sum twice
    count_a_day: int

    def __post_init__(self) -> None:
        if not self.owners:
            raise ValueError("no owner is named for whom to sign: set TRON_SIGNER_OWNERS")
        if wrong := sorted(one for one in self.owners | self.receivers if not is_address(one)):
            raise ValueError(f"{wrong[0]!r} is no TRON address")
        if not self.types <= HARMLESS:
            raise ValueError(f"only the types {sorted(HARMLESS)} are ever signed")
        if self.permission_id < 2:
            raise ValueError("only an active permission is signed with: 2 or above")

    def refusal(self, asked: Unsigned, given: Sequence[Entry], now: datetime) -> str | None:
        """Why not, in one sentence; None when it may be signed."""
        return self._stranger(asked) or _untimely(asked, now) or self._too_much(asked, given, now)

    def _stranger(self, asked: Unsigned) -> str | None:
        contract = asked.contract
        if contract.type not in self.types:
            return f"{contract.name} is not signed here"
        if contract.owner not in self.owners:
            return f"{contract.owner} is not an owner that is signed for"
        if asked.permission_id != self.permission_id:
            return f"permission {asked.permission_id} is not signed with"
        if isinstance(contract, Delegate | Undelegate) and contract.receiver not in self.receivers:
            return f"{contract.receiver} is not a receiver that is lent to"
        if isinstance(contract, Delegate) and contract.lock:
            return "a locked delegation could not be taken back"
        return None

    def _too_much(self, asked: Unsigned, given: Sequence[Entry], now: datetime) -> str | None:
        if any(entry.txid == asked.txid for entry in given):
            return None  # counted already; the same bytes have their effect once
        sun = amount(asked.contract)
        if sun > self.sun_each:
            return f"{sun // SUN} TRX are more than {self.sun_each // SUN} at once"
        # What was signed in a future that our clock knew of once counts too.
        recent = [entry for entry in given if entry.at > now - DAY]
        if len(recent) >= self.count_a_day:
            return f"{self.count_a_day} signatures were given in 24 hours"
        spent = sum(entry.sun for entry in recent if entry.type == asked.contract.type)
        if sun and spent + sun > self.sun_a_day:
            return f"{spent // SUN} of {self.sun_a_day // SUN} TRX were signed for in 24 hours"
        return None


def _untimely(asked: Unsigned, now: datetime) -> str | None:
    if asked.expires_at <= now:
        return "it has expired"
    return "it would be valid for too long" if asked.expires_at > now + LONGEST_LIFE else None


def signs(account: Account, key: str, permission_id: int) -> bool:
    return any(each.id == permission_id and key in each.keys for each in account.permissions)


def overpowered(account: Account, key: str, permission_id: int) -> str | None:
    """Why no signer may hold this key, by what the chain lets it do there; None when it may."""
    if key == account.address:
        return "the key is the account's own"
    for each in (each for each in account.permissions if key in each.keys):
        if each.operations is None:
            return f"permission {each.id} lets the key do everything"
        if more := sorted(each.operations - HARMLESS):
            return f"permission {each.id} lets the key do more: types {', '.join(map(str, more))}"
        if each.id == permission_id and each.keys[key] < each.threshold:
            return "the key cannot sign alone"
    return None
