"""HTTP as it can go wrong, and what pages and programs send."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class Wire(H11Protocol):
    """ASGI has no word for hanging up, so each request carries one in its state."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app_state = {**self.app_state, "hang_up": self._hang_up}

    def _hang_up(self) -> None:
        self.transport.close()


class HangUp(Response):
    """Not an answer: the connection closes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["hang_up"]()
        # Until the loss is known the server would mend our silence with a 500.
        while (await receive())["type"] != "http.disconnect":
            pass


async def form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(body, keep_blank_values=True))


async def wish(request: Request) -> dict[str, str]:
    """What a form on the page or a program's JSON object asks for."""
    if "json" not in request.headers.get("content-type", ""):
        return await form(request)
    try:
        given = json.loads(await request.body())
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise HTTPException(400, "the body must be a JSON object")
    return {name: str(value) for name, value in given.items()}


def back(request: Request, fragment: str = "") -> Response:
    # Only path and query are taken, so the way back never leaves the sandbox.
    came_from = urlsplit(request.headers.get("referer", ""))
    query = f"?{came_from.query}" if came_from.query else ""
    return RedirectResponse(f"/{query}{fragment}", status_code=303)
