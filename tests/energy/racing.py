"""Jobs for workers: a tick of the response or of the settlement, or all of them, in a process of its own."""

import os
from datetime import timedelta
from itertools import count
from typing import Any

from django.conf import settings

from core import clock
from energy import services
from energy.actions import withdrawals
from energy.domain import settlement
from energy.services import buying, moving, plans, rails, responding, resuming, settling
from integrations.tron import Node
from runbooks.tasks import tick
from tests.energy.ticks import around

READS = 3  # of so many ticks one
ROUNDS = count()


def respond(given: dict[str, Any]) -> int:
    configure(given)
    return services.respond(at=clock.database_now())


def settle_once(url: str, socket: str) -> int:
    """One step of whatever is open."""
    settings.TRON_SIGNER_SOCKET = socket
    return services.settle_open(node=Node(f"{url}/tron/", seconds=2), at=clock.now())


def spend(given: dict[str, Any]) -> None:
    """Carries out what is approved, as the tick does."""
    configure(given)
    tick()


def everything(given: dict[str, Any]) -> None:
    """Reading is most of the work of a tick, and has no effects: it is done in some of them only."""
    configure(given)
    be_impatient()
    around(read=(os.getpid() + next(ROUNDS)) % READS == 0)


def configure(given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(settings, name, value)


def be_impatient() -> None:
    """A lost answer is looked for at once, what failed is tried again soon, and what was signed expires within seconds."""
    withdrawals.ARRIVES = buying.ARRIVES = timedelta(seconds=1)
    buying.LATE, buying.GIVEN_UP = timedelta(seconds=2), timedelta(seconds=6)
    moving.PATIENCE = 1.0
    rails.AGAIN = resuming.AGAIN = plans.AGAIN = responding.REPLAN = timedelta(seconds=2)
    settling.settle.__kwdefaults__["lifetime"] = timedelta(seconds=3)
    settlement.MARGIN = timedelta(seconds=1)  # two blocks, which are quicker here
