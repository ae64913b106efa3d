"""The chain among the sandbox's parties: two nodes of it, and the hands that move it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.chain import addresses, cast
from sandbox.chain.accounts import SUN, Unstaking
from sandbox.chain.actuators import UNSTAKED_AFTER, Invalid
from sandbox.chain.ledger import Chain
from sandbox.chain.node import Node, NoSuchMethod
from sandbox.chain.permissions import mask
from sandbox.wire import HangUp
from sandbox.world import Party, World

NODES = ("tron", "tron2")  # two that are asked to agree are two nodes of one chain
MOST = 10**15
Door = Callable[[Request], Awaitable[Response]]


class ChainParty(Party):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.nodes = {name: Node(world.chain) for name in NODES}

    def routes(self) -> list[Route]:
        calls = [
            Route(f"/{name}/{api}/{{method}}", self._door(name, api), methods=["GET", "POST"])
            for name in NODES
            for api in ("wallet", "walletsolidity")
        ]
        faults = [
            Route(f"/{name}/faults", self._faults(name), methods=["GET", "POST", "DELETE"])
            for name in NODES
        ]
        return [
            *calls,
            *faults,
            Route("/chain.json", self.state),
            Route("/chain/{action}", self.act, methods=["POST"]),
        ]

    def _door(self, name: str, api: str) -> Door:
        node = self.nodes[name]

        async def door(request: Request) -> Response:
            method = request.path_params["method"]
            if refused := self._refused(node, method):
                return refused
            if slow := node.faults.strike("slow", method):
                await self.world.pause(slow.delay)
            body = await _body(request)
            if body is None:
                return JSONResponse(
                    {"Error": "class com.alibaba.fastjson.JSONException : syntax error"}
                )
            try:
                said = node.answer(api, method, body)
            except NoSuchMethod:
                return PlainTextResponse("404 Not Found", status_code=404)
            return HangUp() if node.faults.strike("lose_reply", method) else JSONResponse(said)

        return door

    @staticmethod
    def _refused(node: Node, method: str) -> Response | None:
        if node.faults.strike("forbidden", method):
            return JSONResponse({"Error": "Exceed the user daily usage"}, status_code=403)
        if struck := node.faults.strike("limited", method):
            after = {"Retry-After": str(struck.retry_after)}
            return PlainTextResponse("Too Many Requests", status_code=429, headers=after)
        if node.faults.strike("unavailable", method):
            return PlainTextResponse("Service Unavailable", status_code=503)
        return None

    def _faults(self, name: str) -> Door:
        faults = self.nodes[name].faults

        async def door(request: Request) -> Response:
            if request.method == "DELETE":
                faults.calm()
            if request.method == "POST":
                wish = await _body(request) or {}
                try:
                    faults.set(str(wish.get("name")), wish)
                except ValueError as error:
                    return JSONResponse({"error": str(error)}, status_code=400)
            return JSONResponse({name: vars(one) for name, one in faults.on().items()})

        return door

    async def state(self, request: Request) -> Response:
        return JSONResponse(told(self.world.chain))

    async def act(self, request: Request) -> Response:
        """One of the hands that move the chain; 400 with what is wrong."""
        wish, hand = await _body(request) or {}, _HANDS.get(request.path_params["action"])
        if hand is None:
            known = ", ".join(sorted(_HANDS))
            return JSONResponse({"error": f"no such action; there are {known}"}, status_code=404)
        self.world.chain.advance()
        try:
            hand(self.world.chain, wish)
        except (Invalid, ValueError, KeyError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse(told(self.world.chain))


def told(chain: Chain) -> dict[str, Any]:
    """What there is, for people and tests."""
    chain.advance()
    head = chain.head()
    return {
        "head": {"number": head.number, "at": head.at, "solid": chain.solid().number},
        "accounts": {
            name: _account(chain, cast.address(name)) for name in cast.MEANS
        },
        "burning": {addresses.shown(one): rate for one, rate in chain.burning.items()},
        "transactions": [
            {"txid": one.txid, "block": one.block, "failed": one.failed, "kind": chain.known[one.txid].kind}
            for one in list(chain.receipts.values())[-50:]
        ],
    }  # fmt: skip


def _account(chain: Chain, address: str) -> dict[str, Any]:
    one = chain.accounts[address]
    limit, used = chain.limit(one), one.usage(chain.slot)
    return {
        "address": addresses.shown(address),
        "balance": one.balance,
        "staked": one.staked,
        "delegated": sum(one.delegated.values()),
        "acquired": one.acquired,
        "unstaking": sum(each.sun for each in one.unstaking),
        "limit": limit,
        "used": used,
        "left": max(0, limit - used),
    }


def _drain(chain: Chain, wish: Mapping[str, Any]) -> None:
    """`energy` at once, or down to `left_percent` of the limit."""
    account = chain.account(_named(wish))
    left = max(0, chain.limit(account) - account.usage(chain.slot))
    if "left_percent" in wish:
        target = int(chain.limit(account) * float(wish["left_percent"]) / 100)
        energy = max(0, left - target)
    else:
        energy = _number(wish, "energy")
    account.use(min(left, energy), chain.slot)


def _burn(chain: Chain, wish: Mapping[str, Any]) -> None:
    """`per_hour` energy, steadily; 0 ends it."""
    address, rate = _named(wish), _number(wish, "per_hour")
    chain.account(address)
    if rate:
        chain.burning[address] = rate
    else:
        chain.burning.pop(address, None)


def _rest(chain: Chain, wish: Mapping[str, Any]) -> None:
    """All its energy is back."""
    account = chain.account(_named(wish))
    account.give_back(account.usage(chain.slot), chain.slot)


def _fund(chain: Chain, wish: Mapping[str, Any]) -> None:
    """`trx` more (or, below zero, less) in its balance."""
    account = chain.account(_named(wish))
    account.balance = max(0, account.balance + int(wish["trx"]) * SUN)


def _unstake(chain: Chain, wish: Mapping[str, Any]) -> None:
    """`trx` of its stake begins the fourteen days, or began them `days_ago`: somebody wants the money back."""
    account, sun = chain.account(_named(wish)), _number(wish, "trx") * SUN
    if not 0 < sun <= account.staked:
        raise ValueError("so much is not staked")
    ago = _number(wish, "days_ago") * 86_400_000
    account.staked -= sun
    account.unstaking.append(Unstaking(sun, chain.now() + UNSTAKED_AFTER - ago))


def _permit(chain: Chain, wish: Mapping[str, Any]) -> None:
    """The emergency key may do `types`, as if its owner had changed the permission."""
    account = chain.account(_named(wish))
    types = [int(one) for one in wish["types"]]
    held = account.permissions[cast.EMERGENCY]
    account.permissions[cast.EMERGENCY] = replace(held, operations=mask(*types))


def _fork(chain: Chain, wish: Mapping[str, Any]) -> None:
    chain.reorganise()


def _fail(chain: Chain, wish: Mapping[str, Any]) -> None:
    """The receipts of the next `count` transactions say FAILED."""
    chain.fail_next = _number(wish, "count")


def _pace(chain: Chain, wish: Mapping[str, Any]) -> None:
    """`lag`: blocks until one is solid, and `block_ms`: how long each takes, for who cannot wait."""
    if "lag" in wish:
        chain.lag = max(1, _number(wish, "lag"))
    if "block_ms" in wish:
        chain.quicken(max(50, _number(wish, "block_ms")))


def _reset(chain: Chain, wish: Mapping[str, Any]) -> None:
    chain.clear()
    cast.begin(chain)


_HANDS: dict[str, Callable[[Chain, Mapping[str, Any]], None]] = {
    "drain": _drain, "burn": _burn, "rest": _rest, "fund": _fund, "fork": _fork, "fail": _fail,
    "pace": _pace, "reset": _reset, "unstake": _unstake, "permit": _permit,
}  # fmt: skip


def _named(wish: Mapping[str, Any]) -> str:
    """An account by the name it has here, or by its address."""
    name = str(wish.get("account") or "")
    return cast.address(name) if name in cast.MEANS else addresses.read(name)


def _number(wish: Mapping[str, Any], name: str) -> int:
    number = int(wish.get(name) or 0)
    if not 0 <= number <= MOST:
        raise ValueError(f"{name} must be between 0 and {MOST}")
    return number


async def _body(request: Request) -> dict[str, Any] | None:
    """The JSON object sent; a GET asks by its query, as there. None for what is no object."""
    if request.method == "GET":
        return dict(request.query_params)
    try:
        given = json.loads(await request.body() or b"{}")
    except ValueError:
        return None
    return given if isinstance(given, dict) else None
