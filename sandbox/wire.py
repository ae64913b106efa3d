"""HTTP as it can go wrong: connections that end without an answer."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
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
