"""Names that runbooks use, and what stands behind them: hosts, pools and databases."""

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from psycopg2 import ProgrammingError
from psycopg2.extensions import make_dsn, parse_dsn

from core.told import Told as _
from integrations.balancers import Balancer
from integrations.haproxy import HAProxy
from integrations.http_balancer import HttpBalancer
from integrations.ssh import Target, words
from runbooks.domain.inputs import Input, value_of
from runbooks.domain.writing import Wrong
from runbooks.models import Balancer as Kind
from runbooks.models import Database, Host, Pool, Way


class Unreadable(Wrong):
    """An address that is none."""


NAMED: Final[Mapping[str, Any]] = {
    "hosts": Host.objects.filter(enabled=True), "host": Host.objects.filter(enabled=True),
    "pool": Pool.objects.all(), "database": Database.objects.all(),
}  # fmt: skip


def targets(names: str | Iterable[str]) -> list[Target]:
    """Of these hosts, in their order. Raises Wrong."""
    asked = [names] if isinstance(names, str) else list(names)
    found = {host.name: host for host in Host.objects.filter(name__in=asked, enabled=True)}
    if missing := [name for name in asked if name not in found]:
        raise Wrong(_("No host is called %(names)s.", names=", ".join(missing)))
    return [target_of(found[name]) for name in asked]


def target_of(host: Host) -> Target:
    if host.way == Way.LOCAL:
        return Target(host.name, sudo=host.sudo)
    where = (host.address or host.name, host.port, host.user, host.host_key)
    return Target(host.name, *where, sudo=host.sudo)


def host_at(address: str) -> Target | None:
    """The host of this name or address, if the inventory has one."""
    here = Host.objects.filter(Q(name=address) | Q(address=address), enabled=True)
    found = here.order_by("pk").first()
    return target_of(found) if found else None


def foretold(on: Any, argv: Sequence[object], *, root: bool) -> str:
    """A line for each host, with what is done there; a host that is not known yet is told without sudo."""
    by_sudo = _once("sudo", _hosts_by_sudo) if root else frozenset()
    return "\n".join(
        f"{name} $ {shlex.join(words(Target(name, sudo=name in by_sudo), map(str, argv), root=root))}"
        for name in map(str, on if isinstance(on, list) else [on])
    )


def _hosts_by_sudo() -> frozenset[str]:
    return frozenset(Host.objects.filter(sudo=True).values_list("name", flat=True))


_seen: ContextVar[dict[str, Any] | None] = ContextVar("seen", default=None)


@contextmanager
def each_asked_once() -> Iterator[None]:
    """While a page is drawn: a hundred steps of one pool ask for it once, and which hosts use sudo. Whoever acts looks anew."""
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def _once(key: str, ask: Callable[[], Any]) -> Any:
    seen = _seen.get()
    if seen is None:
        return ask()
    if key not in seen:
        seen[key] = ask()
    return seen[key]


def pool(name: str) -> Pool:
    """Raises Wrong."""
    rows = Pool.objects.prefetch_related("hosts").filter(name=name)
    found: Pool | None = _once(f"pool {name}", rows.first)
    if found is None:
        raise Wrong(_("No pool is called %(name)s.", name=name))
    return found


def here(inputs: Mapping[str, Input]) -> dict[str, Input]:
    """As they are in this installation: a default that names hosts or a database that there are not is none.

    A pool may be missing: most steps go on without one.
    """
    return {
        name: replace(one, default=None) if _is_strange(one) else one
        for name, one in inputs.items()
    }


def _is_strange(one: Input) -> bool:
    if one.type not in ("hosts", "host", "database") or one.default is None:
        return False
    names = {one.default} if isinstance(one.default, str) else {*one.default}
    known: int = NAMED[one.type].filter(name__in=names).count()
    return known < len(names)


def with_members(inputs: Mapping[str, Input], given: Mapping[str, Any]) -> dict[str, Any]:
    """The hosts of the pool or database, where an input is of one, that is named, and no host is given. Raises Wrong or Unfit."""
    found = dict(given)
    for name, one in inputs.items():
        named = given.get(one.of) or inputs[one.of].default if one.of else None
        if named and not given.get(name):
            of = inputs[one.of]
            found[name] = members(of.type, value_of(one.of, of, named))
    return found


def members(kind: str, name: str) -> list[str]:
    """Hosts of the inventory, by name. Raises Wrong."""
    if kind == "pool":
        return [host.name for host in pool(name).hosts.all() if host.enabled]
    try:
        where = parse_dsn(dsn(name)).get("host", "")
    except Unreadable:
        return []  # such an address is refused where it is used
    found = [host_at(one) for one in where.split(",") if one]
    return [target.name for target in found if target]


def balancer_of(found: Pool) -> Balancer:
    adapters: dict[str, type[HAProxy | HttpBalancer]] = {
        Kind.HAPROXY: HAProxy,
        Kind.HTTP: HttpBalancer,
    }
    return adapters[found.balancer](found.address, found.backend)


def dsn(name: str) -> str:
    """The connection string of a database. Raises Wrong."""
    found = Database.objects.filter(name=name).values_list("address", flat=True).first()
    if found is None:
        raise Wrong(_("No database is called %(name)s.", name=name))
    if found.startswith("env:"):
        found = os.environ.get(found[4:], "")
        if not found:
            raise Wrong(_("The variable that the address of %(name)s names is not set.", name=name))
    return _readable(found, name) if found else own()


def _readable(address: str, name: str) -> str:
    try:
        parse_dsn(address)
    except ProgrammingError:  # its own words would repeat the address, and the password in it
        raise Unreadable(_(
            "The address of %(name)s is none of a PostgreSQL: postgresql://user:password@host:5432/name, with %%25 for each %% in the password.",
            name=name,
        )) from None  # fmt: skip
    return address


def own() -> str:
    ours = connection.settings_dict
    names = {
        "HOST": "host",
        "PORT": "port",
        "USER": "user",
        "PASSWORD": "password",
        "NAME": "dbname",
    }
    return str(make_dsn(**{theirs: ours[name] for name, theirs in names.items() if ours[name]}))
