"""The company's wallet service: sends withdrawals, and holds them when it is asked to."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.answers import GARBAGE
from sandbox.chain.faults import Faults
from sandbox.faults import LONGEST_DELAY
from sandbox.wire import HangUp
from sandbox.withdrawals.queue import MOST, PRIORITIES, Rail, Refusal, Service, told
from sandbox.world import Party, World

ROOT = "/wallet-service"
FAULTS = ("hang", "lose_reply", "ignored", "limited", "rejected", "unavailable", "garbage")
Door = Callable[[Request], Awaitable[Response]]


class Withdrawals(Party):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.service, self.faults = Service(world.chain), Faults(FAULTS)

    def routes(self) -> list[Route]:
        rail = f"{ROOT}/v1/rails/{{rail}}"
        return [
            Route(f"{ROOT}/v1/rails", self._door(self.listed)),
            Route(rail, self._door(self.one)),
            Route(f"{rail}/withdrawals/pause", self._door(self.pause), methods=["POST"]),
            Route(f"{rail}/withdrawals/resume", self._door(self.resume), methods=["POST"]),
            Route(f"{ROOT}/faults", self.set_faults, methods=["GET", "POST", "DELETE"]),
            Route(f"{ROOT}/queue", self.fill, methods=["POST"]),
            Route(f"{ROOT}/reset", self.reset, methods=["POST"]),
        ]

    async def listen(self) -> None:
        self.work = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while not self.world.closing.is_set():
            await self.world.pause(1)
            self.service.advance()

    def _door(self, call: Door) -> Door:
        async def door(request: Request) -> Response:
            if early := self._before(request.url.path):
                return early
            if not request.headers.get("Authorization", "").startswith("Bearer "):
                return JSONResponse({"error": "a bearer token is needed"}, status_code=401)
            try:
                answer = await call(request)
            except Refusal as error:
                return JSONResponse({"error": str(error)}, status_code=error.status)
            return await self._after(request.url.path, answer)

        return door

    def _before(self, path: str) -> Response | None:
        if struck := self.faults.strike("limited", path):
            after = {"Retry-After": str(struck.retry_after)}
            return JSONResponse({"error": "slow down"}, status_code=429, headers=after)
        if self.faults.strike("unavailable", path):
            return PlainTextResponse("Bad Gateway", status_code=502)
        if self.faults.strike("rejected", path):
            return JSONResponse({"error": "not allowed"}, status_code=403)
        return None

    async def _after(self, path: str, answer: Response) -> Response:
        """It is done; the answer may still be lost."""
        if self.faults.strike("hang", path):
            await self.world.pause(LONGEST_DELAY)
            return HangUp()
        if self.faults.strike("lose_reply", path):
            return HangUp()
        return HTMLResponse(GARBAGE) if self.faults.strike("garbage", path) else answer

    async def listed(self, request: Request) -> Response:
        return JSONResponse({"rails": [told(rail) for rail in self.service.rails.values()]})

    async def one(self, request: Request) -> Response:
        return JSONResponse(told(self._rail(request.path_params["rail"])))

    async def pause(self, request: Request) -> Response:
        rail, key = self._rail(request.path_params["rail"]), _key(request)
        ignored = self.faults.strike("ignored", request.url.path) is not None
        rail.pause(key, await _body(request), ignored=ignored)
        return JSONResponse(told(rail))

    async def resume(self, request: Request) -> Response:
        rail, key = self._rail(request.path_params["rail"]), _key(request)
        ignored = self.faults.strike("ignored", request.url.path) is not None
        rail.resume(key, await _body(request), ignored=ignored)
        return JSONResponse(told(rail))

    async def fill(self, request: Request) -> Response:
        """`rail`, and any of `high`, `normal`, `low` (so many more), `arrivals` (a minute) and `unmined`."""
        try:
            wish = await _body(request)
            rail = self._rail(str(wish.get("rail")))
            for priority in PRIORITIES:
                rail.put(priority, max(0, int(wish.get(priority) or 0)))
            rail.unmined = max(0, min(MOST, int(wish.get("unmined", rail.unmined))))
            rail.arrivals = max(0, min(6000, int(wish.get("arrivals", rail.arrivals))))
        except (Refusal, TypeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse(told(rail))

    async def reset(self, request: Request) -> Response:
        self.service = Service(self.world.chain)
        self.faults.calm()
        return JSONResponse({})

    async def set_faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.faults.calm()
        if request.method == "POST":
            wish = await _body(request)
            try:
                self.faults.set(str(wish.get("name")), wish)
            except ValueError as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({name: vars(one) for name, one in self.faults.on().items()})

    def _rail(self, name: str) -> Rail:
        try:
            return self.service.rails[name]
        except KeyError:
            raise Refusal("no such rail", 404) from None


def _key(request: Request) -> str:
    key: str = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Refusal("Idempotency-Key is needed", 400)
    return key


async def _body(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.body() or b"{}")
    except ValueError:
        raise Refusal("the body is no JSON", 400) from None
    if not isinstance(given, dict):
        raise Refusal("the body is no object", 400)
    return given
