"""The three servers of the sandbox are recovered one by one while people use them (M4.2): nobody notices."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from config.gamedays.drill import Drill, Say, drill
from config.gamedays.light_load import Load, light_load
from config.gamedays.outside import post
from config.seeds.hosts import BALANCER
from core.errors import Refused
from integrations.balancers import READY, Balancer, Fault, Member
from runbooks.inventory import balancer_of, pool
from runbooks.models import Pool

POOL: Final = "app"
SETTLE: Final = "30s"


def play(say: Say, between: Callable[[], None]) -> str:
    """Raises Refused."""
    with drill("Rolling recovery", "P2", say, between) as one:
        found = pool(POOL)
        balancer = balancer_of(found)
        names = [host.name for host in found.hosts.all()]
        _all_serve(one, balancer, names)
        try:
            with light_load(f"http://{BALANCER}:{settings.SANDBOX_PORT}/") as load:
                one.tell(f"LOAD  {load.url}")
                one.run("rolling-recovery", hosts=names, settle=SETTLE)
                one.until(lambda: _serve(balancer, names))
        finally:
            _all_serve(one, balancer, names)
        return _ended(one, load, found)


def _all_serve(one: Drill, balancer: Balancer, names: list[str]) -> None:
    """However it was, or ended."""
    _healed(balancer, names)
    one.until(lambda: _serve(balancer, names))


def put_back() -> None:
    found = pool(POOL)
    _healed(balancer_of(found), [host.name for host in found.hosts.all()])


def _healed(balancer: Balancer, names: list[str]) -> None:
    for name in names:
        post(f"/hosts/{name}", {"heal": True})
        _put(balancer, name)


def _put(balancer: Balancer, name: str) -> None:
    """Raises Refused."""
    try:
        balancer.put(name, READY)
    except Fault as fault:
        raise Refused(str(fault)) from fault


def _serve(balancer: Balancer, names: list[str]) -> bool:
    try:
        members: list[Member] = list(balancer.members(names).values())
    except Fault:
        return False
    return len(members) == len(names) and all(member.serving for member in members)


def _ended(one: Drill, load: Load, found: Pool) -> str:
    """Raises Refused when anybody noticed."""
    one.tell(f"LOAD  {load}")
    if load.failed or not load.answered:
        told = {"failed": len(load.failed), "why": ", ".join(sorted(set(load.failed)))[:300]}
        raise Refused(_("%(failed)d requests failed: %(why)s") % told)
    one.tell(f"SERVING  {', '.join(host.name for host in found.hosts.all())}")
    return "recovered"
