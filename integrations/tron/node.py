"""A TRON full node as the product may use it: each answer checked, or a NodeError, and never a zero instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from integrations.tron.addresses import is_address
from integrations.tron.errors import NodeNonsense, NodeStale
from integrations.tron.facts import Account, Head, Prices, Receipt, Resources, Sent, whole
from integrations.tron.provider import Provider
from integrations.tron.transactions import Signed, Unsigned

FRESH: Final = timedelta(seconds=60)  # twenty blocks
SOLID_FRESH: Final = timedelta(minutes=5)  # solid is about nineteen blocks behind
AHEAD: Final = timedelta(seconds=30)  # our clock may be late, or a node's
SHOWN: Final = {"visible": True}  # addresses as people write them
ENERGY: Final = 1  # the resource's number
TXID: Final = re.compile(r"[0-9a-f]{64}")
UNSIGNABLE: Final = {
    "PERMISSION_ERROR",
    "SIGNATURE_FORMAT_ERROR",
    "COMPUTE_ADDRESS_ERROR",
    "OTHER_ERROR",
}

P = ParamSpec("P")
T = TypeVar("T")


def _sense(read: Callable[P, T]) -> Callable[P, T]:
    """Whatever shape an answer has that nobody thought of: it is nonsense, not an accident of ours."""

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NodeNonsense(f"{read.__name__}: {type(error).__name__}: {error}") from error

    return reading


class Node:
    def __init__(
        self, url: str, *, solidity_url: str = "", api_key: str = "", seconds: float = 5.0
    ) -> None:
        """A node of one's own answers about solid blocks on a port of its own: `solidity_url`."""
        self._full = Provider(url, api_key=api_key, seconds=seconds)
        self._solid = Provider(solidity_url or url, api_key=api_key, seconds=seconds)

    @_sense
    def resources(self, address: str) -> Resources:
        return Resources.read(self._account("wallet/getaccountresource", address))

    @_sense
    def account(self, address: str) -> Account:
        account = Account.read(self._account("wallet/getaccount", address))
        if account.address != address:
            raise NodeNonsense("the node tells of another account")
        return account

    @_sense
    def head(self) -> Head:
        """Raises NodeStale when the node has stopped following the chain."""
        return _recent(Head.read(self._full.ask("wallet/getnowblock", SHOWN)), FRESH)

    @_sense
    def solid_head(self) -> Head:
        return _recent(Head.read(self._solid.ask("walletsolidity/getnowblock", {})), SOLID_FRESH)

    @_sense
    def prices(self) -> Prices:
        return Prices.read(self._full.ask("wallet/getchainparameters", SHOWN))

    @_sense
    def delegatable(self, address: str) -> int:
        """Sun of stake for energy that could be lent now.

        An empty answer is a true zero here (an account that has nothing staked), the harmless way.
        """
        asked: dict[str, Any] = {"owner_address": _known(address), "type": ENERGY, **SHOWN}
        lot = whole(self._full.ask("wallet/getcandelegatedmaxsize", asked), "max_size")
        if lot < 0:
            raise NodeNonsense(f"{lot} sun to delegate")
        return lot

    @_sense
    def receipt(self, txid: str, *, solid: bool = True) -> Receipt | None:
        """None: not there (yet). Only a solid one is for ever."""
        way, tree = (self._solid, "walletsolidity") if solid else (self._full, "wallet")
        answer = way.ask(f"{tree}/gettransactioninfobyid", {"value": _an_id(txid), **SHOWN})
        if not answer:
            return None
        receipt = Receipt.read(answer)
        if receipt.txid != txid:
            raise NodeNonsense("the node tells of another transaction")
        return receipt

    @_sense
    def weigh(self, unsigned: Unsigned) -> dict[str, Any]:
        """The transaction as the node reads it, and its own idea of the id; nothing is changed by it."""
        asked: dict[str, Any] = {
            "txID": "",
            "raw_data": unsigned.raw_data,
            "signature": [],
            "permission": None,
        }
        answer = self._full.ask("wallet/getsignweight", asked)
        result = answer.get("result", {})
        if result.get("code") in UNSIGNABLE:
            raise NodeNonsense(f"{result['code']}: {result.get('message', '')}")
        offered: dict[str, Any] = answer["transaction"]["transaction"]
        return offered

    @_sense
    def broadcast(self, signed: Signed) -> Sent:
        """Once. After a NodeError it may be on its way all the same: look for it, send the same bytes."""
        return Sent.read(self._full.ask("wallet/broadcasttransaction", signed.stored))

    def _account(self, method: str, address: str) -> dict[str, Any]:
        answer = self._full.ask(method, {"address": _known(address), **SHOWN})
        if not answer:
            raise NodeNonsense("the node knows no such account")
        return answer


def _known(address: str) -> str:
    if not is_address(address):
        raise NodeNonsense(f"{address!r} is no TRON address")
    return address


def _an_id(text: str) -> str:
    """For anything else a node says "not there", which is what it says of one that is lost."""
    if not TXID.fullmatch(text):
        raise NodeNonsense(f"{text!r} is no transaction's id")
    return text


def _recent(head: Head, age: timedelta) -> Head:
    now = datetime.now(UTC)
    if not now - age <= head.at <= now + AHEAD:
        raise NodeStale(f"the newest block is of {head.at:%Y-%m-%d %H:%M:%S} UTC")
    return head
