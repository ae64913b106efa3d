"""Names that runbooks use, and what stands behind them: hosts, pools and databases."""

import os
from collections.abc import Iterable

from django.db import connection
from psycopg2.extensions import make_dsn

from integrations.ssh import Target
from runbooks.domain.inputs import Input
from runbooks.domain.writing import Wrong
from runbooks.models import Database, Host, Pool, Way


def targets(names: str | Iterable[str]) -> list[Target]:
    """Of these hosts, in their order. Raises Wrong."""
    asked = [names] if isinstance(names, str) else list(names)
    found = {host.name: host for host in Host.objects.filter(name__in=asked, enabled=True)}
    if missing := [name for name in asked if name not in found]:
        raise Wrong(f"no host is called {', '.join(missing)}")
    return [target_of(found[name]) for name in asked]


def unknown_hosts(inputs: Iterable[Input]) -> set[str]:
    """Of those that runs reach unless somebody names others."""
    named = {str(host) for one in inputs if one.type == "hosts" for host in one.default or ()}
    known = Host.objects.filter(name__in=named, enabled=True).values_list("name", flat=True)
    return named - set(known)


def target_of(host: Host) -> Target:
    if host.way == Way.LOCAL:
        return Target(host.name)
    return Target(host.name, host.address or host.name, host.port, host.user, host.host_key)


def pool(name: str) -> Pool:
    """Raises Wrong."""
    found = Pool.objects.prefetch_related("hosts").filter(name=name).first()
    if found is None:
        raise Wrong(f"no pool is called {name}")
    return found


def dsn(name: str) -> str:
    """The connection string of a database. Raises Wrong."""
    found = Database.objects.filter(name=name).values_list("address", flat=True).first()
    if found is None:
        raise Wrong(f"no database is called {name}")
    if found.startswith("env:"):
        found = os.environ.get(found[4:], "")
        if not found:
            raise Wrong(f"the variable that the address of {name} names is not set")
    return found or _own()


def _own() -> str:
    ours = connection.settings_dict
    names = {
        "HOST": "host",
        "PORT": "port",
        "USER": "user",
        "PASSWORD": "password",
        "NAME": "dbname",
    }
    return str(make_dsn(**{theirs: ours[name] for name, theirs in names.items() if ours[name]}))
