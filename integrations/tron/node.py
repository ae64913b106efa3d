"""A TRON full node as the product may use it: each answer checked, or a NodeError, and never a zero instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from tronpy import Tron
from tronpy.exceptions import (
    AddressNotFound,
    ApiError,
    BugInJavaTron,
    TransactionError,
    TransactionNotFound,
    UnknownError,
)
from tronpy.tron import Transaction

from integrations.tron.addresses import is_address
from integrations.tron.errors import NodeNonsense, NodeStale
from integrations.tron.facts import Account, Head, Prices, Receipt, Resources, Sent, whole
from integrations.tron.provider import FencedProvider
from integrations.tron.transactions import Signed, Unsigned

FRESH: Final = timedelta(seconds=60)  # twenty blocks
SOLID_FRESH: Final = timedelta(minutes=5)  # solid is about nineteen blocks behind
AHEAD: Final = timedelta(seconds=30)  # our clock may be late, or a node's
MAY_CALL: Final = 20 * 1_000_000  # sun; ten would end a transfer to a new holder of USDT
UNSIGNABLE: Final = {
    "PERMISSION_ERROR",
    "SIGNATURE_FORMAT_ERROR",
    "COMPUTE_ADDRESS_ERROR",
    "OTHER_ERROR",
}

# Bad signatures and reference blocks are ValueErrors of the library's.
REFUSALS: Final = (ApiError, BugInJavaTron, TransactionError, UnknownError)

P = ParamSpec("P")
T = TypeVar("T")


def _sense(read: Callable[P, T]) -> Callable[P, T]:
    """Whatever shape an answer has that nobody thought of: it is nonsense, not an accident of ours."""

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except AddressNotFound as error:
            raise NodeNonsense("the node knows no such account") from error
        except (AttributeError, KeyError, TypeError, ValueError, *REFUSALS) as error:
            raise NodeNonsense(f"{read.__name__}: {type(error).__name__}: {error}") from error

    return reading


class Node:
    def __init__(
        self, url: str, *, solidity_url: str = "", api_key: str = "", seconds: float = 5.0
    ) -> None:
        """A node of one's own answers about solid blocks on a port of its own: `solidity_url`."""
        self._full = _client(url, api_key, seconds)
        self._solid = _client(solidity_url, api_key, seconds) if solidity_url else self._full

    @_sense
    def resources(self, address: str) -> Resources:
        return Resources.read(self._full.get_account_resource(_known(address)))

    @_sense
    def account(self, address: str) -> Account:
        account = Account.read(self._full.get_account(_known(address)))
        if account.address != address:
            raise NodeNonsense("the node tells of another account")
        return account

    @_sense
    def head(self) -> Head:
        """Raises NodeStale when the node has stopped following the chain."""
        return _recent(Head.read(self._full.get_latest_block()), FRESH)

    @_sense
    def solid_head(self) -> Head:
        return _recent(Head.read(self._solid.get_latest_solid_block()), SOLID_FRESH)

    @_sense
    def prices(self) -> Prices:
        return Prices.read({"chainParameter": self._full.get_chain_parameters()})

    @_sense
    def delegatable(self, address: str) -> int:
        """Sun of stake for energy that could be lent now.

        An empty answer is a true zero here (an account that has nothing staked), the harmless way.
        """
        lot = whole(self._full.get_can_delegated_max_size(_known(address)), "max_size")
        if lot < 0:
            raise NodeNonsense(f"{lot} sun to delegate")
        return lot

    @_sense
    def receipt(self, txid: str, *, solid: bool = True) -> Receipt | None:
        """None: not there (yet). Only a solid one is for ever."""
        ask = self._solid.get_solid_transaction_info if solid else self._full.get_transaction_info
        try:
            receipt = Receipt.read(ask(txid))
        except TransactionNotFound:
            return None
        if receipt.txid != txid:
            raise NodeNonsense("the node tells of another transaction")
        return receipt

    @_sense
    def weigh(self, unsigned: Unsigned) -> dict[str, Any]:
        """The transaction as the node reads it, and its own idea of the id; nothing is changed by it."""
        shown = Transaction(unsigned.raw_data, client=None, txid="", permission=None)
        answer: dict[str, Any] = self._full.get_sign_weight(shown)
        result = answer.get("result", {})
        if result.get("code") in UNSIGNABLE:
            raise NodeNonsense(f"{result['code']}: {result.get('message', '')}")
        offered: dict[str, Any] = answer["transaction"]["transaction"]
        return offered

    @_sense
    def broadcast(self, signed: Signed) -> Sent:
        """Once. After a NodeError it may be on its way all the same: look for it, send the same bytes."""
        # Not tronpy's broadcast: it drops the code of most refusals, DUP_TRANSACTION_ERROR among them.
        return Sent.read(
            self._full.provider.make_request("wallet/broadcasttransaction", signed.stored)
        )


def _client(url: str, api_key: str, seconds: float) -> Any:
    provider = FencedProvider(url, api_key=api_key, seconds=seconds)
    # A configuration of its own: without one, all clients of a process would share and change one.
    return Tron(provider, conf={"fee_limit": MAY_CALL})


def _known(address: str) -> str:
    if not is_address(address):
        raise NodeNonsense(f"{address!r} is no TRON address")
    return address


def _recent(head: Head, age: timedelta) -> Head:
    now = datetime.now(UTC)
    if not now - age <= head.at <= now + AHEAD:
        raise NodeStale(f"the newest block is of {head.at:%Y-%m-%d %H:%M:%S} UTC")
    return head
