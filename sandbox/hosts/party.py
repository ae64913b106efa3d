"""Four servers: SSH into each, an application on three of them, and buttons that break them."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from sandbox.hosts.host import MEASURES, NETWORK_STATES, STATES, UNITS, Host
from sandbox.hosts.page import POLICY, page
from sandbox.hosts.ssh import Door
from sandbox.wire import form
from sandbox.words import language_for
from sandbox.world import Party, World

SSH_ABOVE: Final = 22  # above the sandbox's own port
SLOW: Final = 2.0  # seconds that the application takes for /slow


class Hosts(Party):
    """Where the addresses cannot be had, as on a machine whose loopback has but one, there are none."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        home = world.settings.home or Path(tempfile.mkdtemp(prefix="sandbox-"))
        self.keys = home / "ssh"
        self.hosts = {name: Host.made(name, home / "hosts" / name) for name in UNITS}

    def routes(self) -> list[Route]:
        return [
            Route("/hosts.json", self.show),
            Route("/hosts/{name}", self.change, methods=["POST"]),
            Route("/servers", self.servers),
            Route("/servers/{name}", self.change_by_button, methods=["POST"]),
        ]

    async def listen(self) -> asyncio.Server | None:
        servers: list[asyncio.AbstractServer | Door] = []
        try:
            for host in self.hosts.values():
                if (self.keys / "sandbox_host").is_file():
                    port = self.world.settings.port + SSH_ABOVE
                    servers.append(Door(host, port, self.keys))
                if "dantaro-app" in UNITS[host.name]:
                    servers.append(await self._application(host))
        except OSError:
            for server in servers:
                server.close()
        self._servers = servers
        return None

    async def _application(self, host: Host) -> asyncio.AbstractServer:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _answer(host, reader, writer)

        return await asyncio.start_server(answer, host.address, self.world.settings.port)

    async def show(self, _request: Request) -> Response:
        return JSONResponse({name: host.as_dict() for name, host in self.hosts.items()})

    async def change(self, request: Request) -> Response:
        """Such as {"nginx": "failed"}, {"disk": 100} or {"heal": true}."""
        host = self.hosts.get(request.path_params["name"])
        if host is None:
            return JSONResponse({"error": f"there are {', '.join(self.hosts)}"}, status_code=404)
        try:
            _change(host, json.loads(await request.body() or b"{}"))
        except (ValueError, AttributeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse(host.as_dict())

    async def servers(self, request: Request) -> Response:
        asked = request.headers.get("accept-language", "")
        language = language_for(request.query_params.get("lang", ""), asked)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(page(self.hosts.values(), language), headers=headers)

    async def change_by_button(self, request: Request) -> Response:
        host = self.hosts.get(request.path_params["name"])
        if host is None:
            return PlainTextResponse("no such server", status_code=404)
        wish = await form(request)
        try:
            _change(
                host, {name: int(said) if said.isdigit() else said for name, said in wish.items()}
            )
        except ValueError as error:
            return PlainTextResponse(str(error), status_code=400)
        return RedirectResponse(f"/servers#{host.name}", status_code=303)


def _change(host: Host, wish: dict[str, object]) -> None:
    """Raises ValueError."""
    for name, value in wish.items():
        if name == "heal":
            host.heal()
        elif name in UNITS[host.name] and value in STATES:
            host.set(f"units/{name}", str(value))
        elif _is_level(name, value) or value in NETWORK_STATES.get(name, ()):
            host.set(name, str(value))
        else:
            raise ValueError(
                f"{name}: one of {', '.join(UNITS[host.name])} with {', '.join(STATES)}, or {', '.join(MEASURES)} "
                f"in per cent, or {', '.join(f'{each} with {states}' for each, states in NETWORK_STATES.items())}"
            )


def _is_level(name: str, value: object) -> bool:
    return name in MEASURES and isinstance(value, int) and 0 <= value <= 100


async def _answer(host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """HTTP as an application speaks it, for as long as it runs; else nobody is there."""
    try:
        while host.serves() and (head := await reader.readuntil(b"\r\n\r\n")):
            path = head.split(b" ", 2)[1].decode(errors="replace")
            await asyncio.sleep(SLOW if path == "/slow" else 0)
            if not host.serves():
                break
            body = json.dumps({"status": "ok", "host": host.name, "path": path}).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (len(body), body)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, IndexError):
        pass
    finally:
        writer.close()
