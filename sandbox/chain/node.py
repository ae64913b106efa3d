"""A full node's HTTP API, as far as tronpy and the product speak it, and how it goes wrong."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from sandbox.chain import actuators, addresses, admission, encoding, reading
from sandbox.chain.accounts import MOST_UNSTAKES, Account
from sandbox.chain.actuators import Invalid
from sandbox.chain.admission import Refused
from sandbox.chain.faults import Faults
from sandbox.chain.ledger import Block, Chain

Body = Mapping[str, Any]
SOLID = "walletsolidity"
STALE = 400  # blocks a stale node is behind
ERROR = {"Error": "class java.lang.NullPointerException : null"}


class NoSuchMethod(Exception):
    pass


class Node:
    """One node of the chain. `answer` knows no sockets: a fault that is one of the wire is the door's."""

    def __init__(self, chain: Chain) -> None:
        self.chain, self.faults = chain, Faults()
        self._stuck: dict[str, Account] = {}
        self._methods: dict[str, Callable[[Body, bool], Any]] = {
            "getnowblock": self._now_block,
            "getnodeinfo": self._node_info,
            "getaccount": self._account,
            "getaccountresource": self._resources,
            "getaccountnet": self._net,
            "getchainparameters": lambda body, solid: reading.parameters(),
            "getenergyprices": lambda body, solid: reading.prices(),
            "getsignweight": self._sign_weight,
            "broadcasttransaction": self._broadcast,
            "gettransactioninfobyid": self._receipt,
            "gettransactionbyid": self._transaction,
            "getdelegatedresourcev2": self._delegated,
            "getdelegatedresourceaccountindexv2": self._delegations,
            "getcandelegatedmaxsize": self._delegatable,
            "getcanwithdrawunfreezeamount": self._withdrawable,
            "getavailableunfreezecount": self._unstakes_left,
            "getcontractinfo": lambda body, solid: {
                "contract_state": {"energy_factor": reading.FACTOR}
            },
            "triggerconstantcontract": lambda body, solid: {
                "result": {"result": True}, "energy_used": reading.USDT_HOLDER,
                "constant_result": ["0" * 63 + "1"],
            },
        }  # fmt: skip

    def answer(self, api: str, method: str, body: Body) -> Any:
        """The JSON of one call; raises NoSuchMethod."""
        if method not in self._methods:
            raise NoSuchMethod(method)
        self.chain.advance()
        self._stick()
        if self.faults.strike("error_body", method):
            return ERROR
        if self.faults.strike("empty", method):
            return {}
        try:
            return self._methods[method](body, api == SOLID)
        except (ValueError, Invalid, KeyError, TypeError) as error:
            return {"Error": f"{type(error).__name__} : {error}"}

    def _stick(self) -> None:
        """Accounts as they were when the fault began, while blocks and receipts come as ever."""
        if "accounts_stuck" not in self.faults.on():
            self._stuck = {}
        elif not self._stuck:
            self._stuck = deepcopy(self.chain.accounts)

    def _shown(self, body: Body) -> Account | None:
        accounts = self._stuck or self.chain.accounts
        return accounts.get(addresses.read(body.get("address")))

    def _head(self, solid: bool = False) -> Block:
        head = self.chain.solid() if solid else self.chain.head()
        if self.faults.strike("stale", "getnowblock"):
            return self.chain.block(head.number - STALE)
        return head

    def _now_block(self, body: Body, solid: bool) -> Any:
        return reading.block(self._head(solid))

    def _node_info(self, body: Body, solid: bool) -> Any:
        head, last = self.chain.head(), self.chain.solid()
        return {
            "block": f"Num:{head.number},ID:{head.id}",
            "solidityBlock": f"Num:{last.number},ID:{last.id}",
            "currentConnectCount": 30,
        }

    def _account(self, body: Body, solid: bool) -> Any:
        found = self._shown(body)
        return (
            reading.account(self.chain, found, visible=bool(body.get("visible"))) if found else {}
        )

    def _resources(self, body: Body, solid: bool) -> Any:
        found = self._shown(body)
        if found is None:
            return {}
        said = reading.resources(self.chain, found)
        if self.faults.strike("totals_missing", "getaccountresource"):
            del said["TotalEnergyLimit"], said["TotalEnergyWeight"]
        if self.faults.strike("limit_wrong", "getaccountresource"):
            said["EnergyLimit"] = said.get("EnergyLimit", 0) * 11 // 10
        return said

    def _net(self, body: Body, solid: bool) -> Any:
        said = self._resources(body, solid)
        return {name: value for name, value in said.items() if "Energy" not in name}

    def _sign_weight(self, body: Body, solid: bool) -> Any:
        try:
            transaction = admission.read(body)
            permission = admission.permission_of(self.chain, transaction)
        except Refused as refused:
            return {"result": {"code": "PERMISSION_ERROR", "message": refused.message}} | (
                {"transaction": self._offered(body)} if "raw_data" in body else {}
            )
        return {
            "result": {"code": "NOT_ENOUGH_PERMISSION"},
            "approved_list": [],
            "permission": permission.as_json(visible=False),
            "transaction": self._offered(body),
        }

    def _offered(self, body: Body) -> Any:
        """The transaction with its id: the hash that a careless client would sign."""
        raw = body["raw_data"]
        if self.faults.strike("larger_freeze", "getsignweight"):
            raw = _larger(raw)
        packed = encoding.encode(raw)
        txid = encoding.txid(packed)
        if self.faults.strike("wrong_txid", "getsignweight"):
            txid = encoding.txid(packed[::-1])
        inner = {"txID": txid, "raw_data": raw, "raw_data_hex": packed.hex(), "visible": False}
        return {"result": {"result": True}, "txid": txid, "transaction": inner}

    def _broadcast(self, body: Body, solid: bool) -> Any:
        try:
            transaction = admission.read(body)
            if self.faults.strike("dup_cache", "broadcasttransaction"):
                raise Refused("DUP_TRANSACTION_ERROR", "Dup transaction.")
            if not self.faults.strike("never_mined", "broadcasttransaction"):
                admission.admit(self.chain, body)
        except Refused as refused:
            said = {"code": refused.code, "message": refused.message.encode().hex()}
            return said | {"txid": encoding.txid(encoding.encode(body.get("raw_data") or {}))}
        return {"result": True, "txid": transaction.txid}

    def _receipt(self, body: Body, solid: bool) -> Any:
        found = self.chain.receipts.get(str(body.get("value")))
        if found is None or (solid and found.block > self._head(solid=True).number):
            return {}
        return reading.receipt(found)

    def _transaction(self, body: Body, solid: bool) -> Any:
        found = self.chain.known.get(str(body.get("value")))
        if found is None or found.txid not in self.chain.receipts:
            return {}
        return {"txID": found.txid, "raw_data": found.raw, "signature": found.signatures}

    def _delegated(self, body: Body, solid: bool) -> Any:
        owner = self.chain.account(addresses.read(body.get("fromAddress")))
        to = addresses.read(body.get("toAddress"))
        return reading.delegated(owner, to, visible=bool(body.get("visible")))

    def _delegations(self, body: Body, solid: bool) -> Any:
        own, visible = addresses.read(body.get("value")), bool(body.get("visible"))
        show = addresses.shown if visible else str
        givers = [one.address for one in self.chain.accounts.values() if own in one.delegated]
        return reading.kept({
            "account": show(own),
            "toAccounts": [show(to) for to in self.chain.account(own).delegated],
            "fromAccounts": [show(giver) for giver in givers],
        })  # fmt: skip

    def _delegatable(self, body: Body, solid: bool) -> Any:
        owner = self.chain.account(addresses.read(body.get("owner_address")))
        return reading.delegatable(self.chain, owner) if body.get("type") == 1 else {}

    def _withdrawable(self, body: Body, solid: bool) -> Any:
        owner = self.chain.account(addresses.read(body.get("owner_address")))
        at = int(body.get("timestamp") or self.chain.now())
        return reading.kept({"amount": actuators.withdrawable(owner, at)})

    def _unstakes_left(self, body: Body, solid: bool) -> Any:
        owner = self.chain.account(addresses.read(body.get("owner_address")))
        return reading.kept({"count": MOST_UNSTAKES - len(owner.unstaking)})


def _larger(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    contract = dict(raw["contract"][0])
    value = dict(contract["parameter"]["value"])
    for name in ("frozen_balance", "balance"):
        if name in value:
            value[name] = value[name] * 2
    contract["parameter"] = {**contract["parameter"], "value": value}
    return {**raw, "contract": [contract]}
