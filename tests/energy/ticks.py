"""What the workers do, once around, in one process."""

import time
from collections.abc import Callable
from typing import Any

from core import clock
from energy import services
from energy.models import Wallet
from incidents.services import take_in
from integrations.tron import first_node
from runbooks.models import Action
from runbooks.tasks import tick as run_actions

PATIENCE = 60.0


def watch() -> None:
    """A reading of every wallet, due or not."""
    Wallet.objects.update(due_at=clock.database_now())
    services.watch(at=clock.database_now())


def around(*, read: bool = True) -> None:
    if read:
        watch()
    while take_in(at=clock.database_now()):
        pass
    services.respond(at=clock.database_now())
    Action.objects.filter(state="unknown").update(look_at=None)
    run_actions()
    services.settle_open(node=first_node(), at=clock.database_now())


def until(done: Callable[[], Any], *, patience: float = PATIENCE, pause: float = 0.05) -> Any:
    deadline = time.monotonic() + patience
    while not (found := done()):
        assert time.monotonic() < deadline, _where()
        around()
        time.sleep(pause)
    return found


def _where() -> str:
    from energy.models import Response

    lines = [f"{one.kind} {one.state} {one.waits_for} {one.text}" for one in Action.objects.all()]
    for response in Response.objects.all():
        lines.append(f"{response.status} {response.level} {response.round} {response.missing}")
        lines += [f"  {one.lever} {one.why} {one.result}" for one in response.steps.with_results()]
    return "\n".join(lines)
