"""A market's HTTP: its faults, its routes for tests and people, and what all three have in common."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.answers import GARBAGE
from sandbox.chain.faults import Fault
from sandbox.faults import LONGEST_DELAY
from sandbox.markets.book import Book, Refusal
from sandbox.wire import HangUp
from sandbox.world import Party, World

Call = Callable[[Request, bytes], Response]
Door = Callable[[Request], Awaitable[Response]]


class Desk(Party):
    """One market. `name` is its place under /markets/."""

    name: ClassVar[str]
    price: ClassVar[int]

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.book = Book(world.chain, self.price)

    def calls(self) -> list[tuple[str, str, Call]]:
        """Method, path and what answers; an order's path ends in one of ORDERS."""
        raise NotImplementedError

    def allowed(self, request: Request, body: bytes) -> bool:
        raise NotImplementedError

    def unauthorized(self) -> Response:
        return JSONResponse({"message": "Unauthorized"}, status_code=401)

    def refused(self, error: Refusal) -> Response:
        raise NotImplementedError

    def path(self, request: Request) -> str:
        """As the real one sees it, with the query."""
        rest = request.url.path.removeprefix(f"/markets/{self.name}")
        return f"{rest}?{request.url.query}" if request.url.query else rest

    def routes(self) -> list[Route]:
        root = f"/markets/{self.name}"
        calls = [
            Route(root + path, self._door(call, spends=path in ORDERS), methods=[method])
            for method, path, call in self.calls()
        ]
        faults = Route(f"{root}/faults", self.set_faults, methods=["GET", "POST", "DELETE"])
        return [*calls, faults, Route(f"{root}/book.json", self.shown, methods=["GET", "DELETE"])]

    def _door(self, call: Call, *, spends: bool) -> Door:
        async def door(request: Request) -> Response:
            body, path = await request.body(), request.url.path
            if early := self._before(path):
                return early
            if not self.allowed(request, body):
                return self.unauthorized()
            try:
                answer = call(request, body)
            except Refusal as error:
                return self.refused(error)
            except (KeyError, TypeError, ValueError):
                return JSONResponse({"message": "Bad Request"}, status_code=400)
            return await self._after(answer) if spends else answer

        return door

    def _before(self, path: str) -> Response | None:
        faults = self.book.faults
        if struck := faults.strike("limited", path):
            return _limited(struck)
        if faults.strike("unavailable", path):
            return PlainTextResponse("Bad Gateway", status_code=502)
        return None

    async def _after(self, answer: Response) -> Response:
        """The order is taken; its answer may still be lost."""
        faults = self.book.faults
        if faults.strike("hang", "order"):
            await self.world.pause(LONGEST_DELAY)
            return HangUp()
        if faults.strike("lose_reply", "order"):
            return HangUp()
        if faults.strike("breaks_after", "order"):
            return PlainTextResponse("Gateway Timeout", status_code=504)
        return HTMLResponse(GARBAGE) if faults.strike("garbage", "order") else answer

    async def set_faults(self, request: Request) -> Response:
        """`name`, and if wished `count`, `match`, `retry_after`; DELETE calms."""
        faults = self.book.faults
        if request.method == "DELETE":
            faults.calm()
        if request.method == "POST":
            try:
                wish = json.loads(await request.body())
                faults.set(str(wish.get("name")), wish)
            except (ValueError, AttributeError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({name: vars(one) for name, one in faults.on().items()})

    async def shown(self, request: Request) -> Response:
        """DELETE begins a new one."""
        if request.method == "DELETE":
            self.book = Book(self.world.chain, self.price, self.book.faults)
        sales = [asdict(sale) for sale in self.book.sales.values()]
        return JSONResponse({"balance": self.book.balance, "sales": sales})


ORDERS = {"/v2/buy-resource", "/v1/order", "/v1/transaction/new"}


def _limited(struck: Fault) -> Response:
    after = {"Retry-After": str(struck.retry_after)}
    return JSONResponse({"message": "Too Many Requests"}, status_code=429, headers=after)


def read(body: bytes) -> dict[str, Any]:
    given = json.loads(body or b"{}")
    if not isinstance(given, dict):
        raise TypeError
    return given
