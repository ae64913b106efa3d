"""A member of a pool is taken out of its load balancer and put back, and never so many that too few are left.

load_balancer: {pool: app, member: "{host}", action: drain}    no new connections; until those it has are ended
                                           action: remove      out of the pool at once, and not checked by the balancer
                                           action: add         back, until the balancer finds it healthy
load_balancer: {pool: app, action: show}                       all members, or one, as they are
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy

from core.told import Joined, Told
from core.told import Told as _
from integrations.balancers import DRAIN, MAINT, READY, Balancer, Fault, Member
from runbooks.domain.placeholders import names_in
from runbooks.domain.pools import left, may_go, missed
from runbooks.domain.writing import Wrong, a_choice, only, text
from runbooks.inventory import balancer_of, pool
from runbooks.models import Pool
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_balancer

SHOW: Final = "show"
# What it is put into, and the states in which there is nothing to do.
PUTS: Final = {
    "drain": (DRAIN, (DRAIN, MAINT)),
    "remove": (MAINT, (MAINT,)),
    "add": (READY, (READY,)),
}
EVERY: Final = timedelta(seconds=1)
PATIENCE: Final = timedelta(minutes=1)  # with others that are down at this moment
Members = Mapping[str, Member]


@steps.register("load_balancer")
class LoadBalancer(Kind):
    """`was`, of add: how the member was before it was taken out; unless it was ready it stays as it is."""

    label = gettext_lazy("Load balancer")
    timeout = timedelta(minutes=5)
    provable = True  # the balancer says how the member is

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("pool", "member", "action", "was"), "load_balancer")
        text(settings.get("pool"), "pool")
        action = a_choice(settings.get("action"), "action", (SHOW, *PUTS))
        if action != SHOW or "member" in settings:
            text(settings.get("member"), "member")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return settings.get("action") == SHOW

    def foretell(self, settings: Mapping[str, Any]) -> str:
        if self.reads_only(settings):
            return f"{settings['pool']} › {SHOW}"
        if names_in([settings["pool"], settings["member"]]):  # which they are is not known yet
            return f"{settings['pool']} › {settings['action']} {settings['member']}"
        try:
            found = pool(str(settings["pool"]))
            state, _there = PUTS[settings["action"]]
            return f"{found.address} › {balancer_of(found).told(str(settings['member']), state)}"
        except (Wrong, Fault) as error:
            return str(error)

    def takes_back(self, name: str, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if settings["action"] not in ("drain", "remove"):
            return None
        return {"load_balancer": {**settings, "action": "add", "was": f"{{{name}.was}}"}}

    def run(self, work: Work) -> Result:
        found = pool(str(work.settings["pool"]))
        balancer = balancer_of(found)
        try:
            if self.reads_only(work.settings):
                return _shown(work, found, _members(found, balancer))
            return _moved(work, found, balancer)
        except Fault as fault:
            begun = "was" in work.remembered and not fault.permanent
            told = of_balancer(fault)
            return _later(work, told) if begun else Result.failed(told)


def _moved(work: Work, found: Pool, balancer: Balancer) -> Result:
    """Where it is not in its state it is put there; then it is looked at until that has come true."""
    name, action = str(work.settings["member"]), work.settings["action"]
    state, there = PUTS[action]
    member = _the(name, _members(found, balancer), found)
    was = str(work.remembered.get("was", member.state))
    if action == "add" and work.settings.get("was", READY) != READY:
        return _done(member, was, _("It was out of the pool before."))
    if "was" not in work.remembered:
        work.remember({"was": was})
    if member.state not in there:
        if refused := _put(work, found, balancer, state):
            return refused
        member = _the(name, _members(found, balancer), found)
    if _has_come(action, member):
        return _done(member, was)
    if _is_late(work) and action == "drain" and was == READY:
        # Undone is only what is done: half taken out it would stay so.
        balancer.put(name, READY)
    return _later(work, _waits(action, member))


def _put(work: Work, found: Pool, balancer: Balancer, state: str) -> Result | None:
    """The pool's row is the turn: two who take members out at once count each other's. Why not, or nothing."""
    name = str(work.settings["member"])
    with transaction.atomic():
        floor = Pool.objects.select_for_update(no_key=True).get(pk=found.pk).floor
        members = _members(found, balancer)
        _the(name, members, found)
        if state != READY and not may_go(members, name, floor=floor):
            return _too_few(work, members, name, floor)
        balancer.put(name, state)
    return None


def _too_few(work: Work, members: Members, name: str, floor: int) -> Result:
    """Whoever is down may be back in a moment; whoever was taken out does not come back by itself."""
    told = _(
        "Without %(name)s %(left)d would serve in %(pool)s; it takes at least %(floor)d.",
        pool=work.settings["pool"], left=left(members, name), floor=floor, name=name,
    )  # fmt: skip
    down = missed(members, name, floor=floor)
    if down and work.at + EVERY < min(work.ends_at, work.began_at + PATIENCE):
        waits = _("It waits up to a minute for: %(names)s.", names=", ".join(down))
        return Result.again(EVERY, Joined([told, waits]))
    return Result.failed(told, rows=[_row(members[name])])


def _members(found: Pool, balancer: Balancer) -> Members:
    return balancer.members([host.name for host in found.hosts.all()])


def _the(name: str, members: Members, found: Pool) -> Member:
    """Raises Fault."""
    if name not in members:
        told = {"name": name[:80], "pool": found.name}
        text = _("%(name)s is no member of %(pool)s, here or in the load balancer.", **told)
        raise Fault(text, permanent=True)
    return members[name]


def _has_come(action: str, member: Member) -> bool:
    if action == "drain":
        return member.sessions == 0
    return action == "remove" or member.up


def _waits(action: str, member: Member) -> Told:
    if action == "drain":
        told = {"name": member.name, "count": member.sessions}
        return _("Connections of %(name)s that are left: %(count)d", **told)
    return _("The load balancer does not find %(name)s healthy.", name=member.name)


def _later(work: Work, why: Told) -> Result:
    return Result.failed(why) if _is_late(work) else Result.again(EVERY, why)


def _is_late(work: Work) -> bool:
    return work.at + EVERY >= work.ends_at


def _done(member: Member, was: str, why: Told | None = None) -> Result:
    row = _row(member)
    told = why or f"{member.name}: {member.state}"
    return Result.done(told, rows=[row], output=_drawn([row]), facts={**row, "was": was})


def _shown(work: Work, found: Pool, members: Members) -> Result:
    rows = [_row(member) for member in members.values()]
    serving = sum(row["serving"] for row in rows)
    if name := str(work.settings.get("member", "")):
        rows = [_row(_the(name, members, found))]
    facts = {"serving": serving, "floor": found.floor, "members": found.hosts.count()}
    told = _("%(serving)d of %(members)d serve; it takes at least %(floor)d.", **facts)
    rows = [
        row | {"pool": found.name, "pool_serving": serving, "floor": found.floor} for row in rows
    ]
    return Result.done(told, rows=rows, output=_drawn(rows), facts=facts)


def _row(member: Member) -> dict[str, Any]:
    return {
        "member": member.name, "state": member.state, "connections": member.sessions,
        "healthy": member.up, "serving": member.serving,
    }  # fmt: skip


def _drawn(rows: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{row['member']:<16}{row['state']:<8}{row['connections']:>6}  {'up' if row['healthy'] else 'down'}"
        for row in rows
    )
