"""The parties, put together into one process."""

import asyncio
import signal
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import TextIO

import uvicorn
from starlette.applications import Starlette

from sandbox import trade
from sandbox.chain.party import ChainParty
from sandbox.channels import Channels
from sandbox.faults import Faults
from sandbox.hosts.balancer import Balancer
from sandbox.hosts.party import Hosts
from sandbox.inbox import Inbox
from sandbox.mail import Mail
from sandbox.markets.catfee import CatFee
from sandbox.markets.desk import Desk
from sandbox.markets.tronsave import TronSave
from sandbox.markets.tronzap import TronZap
from sandbox.pages import Pages
from sandbox.phone import Phone
from sandbox.push import Push
from sandbox.reading import Reading
from sandbox.settings import HOST, CannotStart, Settings
from sandbox.slack import Slack
from sandbox.sns import SNS
from sandbox.store import Store
from sandbox.switches import Switches
from sandbox.twilio import Backup, Twilio
from sandbox.webhooks import Webhooks
from sandbox.wire import Wire
from sandbox.withdrawals.party import Withdrawals
from sandbox.workspace import Workspace
from sandbox.world import Party, World, listen_on

# A further party is one more file, named here.
PARTIES: tuple[type[Party], ...] = (
    Mail, Channels, Slack, Workspace, Twilio, Backup, Phone, Webhooks, Push, SNS, Store, ChainParty,
    TronSave, CatFee, TronZap, Withdrawals, Hosts, Balancer, Reading, Switches, Pages,
)  # fmt: skip


class Server(uvicorn.Server):
    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]
        """Leave signals to `serve`: uvicorn would raise them again after a clean end."""
        return nullcontext()


async def serve(settings: Settings) -> None:
    with ExitStack() as resources:
        world = _world(settings, resources)
        parties = [party(world) for party in PARTIES]
        sock = resources.enter_context(listen_on(settings.port, named="SANDBOX_PORT"))
        own_sockets = [await party.listen() for party in parties]
        server = _http_server(parties)
        _end_on_signal(world, server)
        await server.serve(sockets=[sock])
        for each in filter(None, own_sockets):
            each.close()


def _world(settings: Settings, resources: ExitStack) -> World:
    journal = resources.enter_context(_open_journal(settings.journal)) if settings.journal else None
    switches = [switch for party in PARTIES for switch in party.switches]
    return World(settings, Inbox(journal=journal), Faults(switches))


def _open_journal(path: Path) -> TextIO:
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise CannotStart(
            f"the journal {path} cannot be written ({error.strerror}): "
            "set SANDBOX_JOURNAL to a file in a folder that exists."
        ) from None


def _http_server(parties: list[Party]) -> Server:
    desks = [party for party in parties if isinstance(party, Desk)]
    wallets = next(party for party in parties if isinstance(party, Withdrawals))
    chain = next(party for party in parties if isinstance(party, ChainParty))
    served = [route for party in parties for route in party.routes()]
    app = Starlette(routes=[*served, *trade.routes(desks, wallets, chain.nodes)])
    config = uvicorn.Config(
        app,
        host=HOST,
        http=Wire,
        ws="none",
        lifespan="off",
        loop="asyncio",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    return Server(config)


def _end_on_signal(world: World, server: Server) -> None:
    def end() -> None:
        world.end()
        server.should_exit = True

    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, end)
