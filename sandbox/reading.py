"""The inbox as JSON, for tests, drills and benchmarks."""

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.inbox import Query, Receipt
from sandbox.world import Party

LONGEST_WAIT = 60
AT_ONCE = 50


class Reading(Party):
    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.health),
            Route("/inbox.json", self.inbox),
            Route("/inbox.json", self.empty, methods=["DELETE"]),
            Route("/inbox/wait", self.wait),
            Route("/refused.json", self.refused),
            Route("/refused.json", self.empty_refused, methods=["DELETE"]),
        ]

    async def health(self, request: Request) -> Response:
        return PlainTextResponse("ok")

    async def inbox(self, request: Request) -> Response:
        return await _listing(self.world.inbox.find(query_of(request)))

    async def refused(self, request: Request) -> Response:
        query = query_of(request)
        return await _listing([each for each in self.world.inbox.refused if query.matches(each)])

    async def empty(self, request: Request) -> Response:
        self.world.inbox.empty()
        return JSONResponse([])

    async def empty_refused(self, request: Request) -> Response:
        self.world.inbox.empty_refused()
        return JSONResponse([])

    async def wait(self, request: Request) -> Response:
        seconds = min(number(request, "timeout", default=10), LONGEST_WAIT)
        found = await self.world.inbox.wait(query_of(request), seconds=seconds)
        if found:
            return JSONResponse(found.as_dict())
        return JSONResponse({"error": f"nothing matched within {seconds} s"}, status_code=408)


def query_of(request: Request) -> Query:
    given = request.query_params
    return Query(
        channel=given.get("channel", ""),
        # A plus sign that was not escaped arrives as a space: ?to=+8210… means what it shows.
        to=given.get("to", "").strip(),
        containing=given.get("containing", ""),
        since=number(request, "since"),
        before=number(request, "before"),
        limit=number(request, "limit"),
    )


def number(request: Request, name: str, *, default: int = 0) -> int:
    given = request.query_params.get(name, "")
    if given and not given.isdecimal():
        raise HTTPException(400, f"{name} must be a whole number, not {given!r}")
    return int(given) if given else default


async def _listing(receipts: list[Receipt]) -> Response:
    content: list[dict[str, Any]] = []
    for number, receipt in enumerate(receipts):
        content.append(receipt.as_dict())
        # Opening thousands of mails takes seconds; whoever sends meanwhile must not wait for it.
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    return JSONResponse(content)
