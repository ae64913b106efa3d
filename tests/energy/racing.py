"""Jobs for workers: a tick of the response or of the settlement, or all of them, in a process of its own."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from core import clock
from energy import services
from energy.actions import withdrawals
from energy.services import buying, moving, settling
from integrations.tron import Node
from tests.energy.ticks import around


def respond(given: dict[str, Any]) -> int:
    configure(given)
    return services.respond(at=clock.database_now())


def settle_once(url: str, socket: str) -> int:
    """One step of whatever is open."""
    settings.TRON_SIGNER_SOCKET = socket
    return services.settle_open(node=Node(f"{url}/tron/", seconds=2), at=clock.now())


def everything(given: dict[str, Any]) -> None:
    configure(given)
    be_impatient()
    around()


def configure(given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(settings, name, value)


def be_impatient() -> None:
    """A lost answer is looked for at once, and what was signed expires within seconds."""
    withdrawals.ARRIVES = buying.ARRIVES = timedelta(seconds=1)
    buying.LATE, buying.GIVEN_UP = timedelta(seconds=2), timedelta(seconds=6)
    moving.PATIENCE = 1.0
    settling.settle.__kwdefaults__["lifetime"] = timedelta(seconds=4)
