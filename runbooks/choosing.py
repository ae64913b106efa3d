"""What a run that starts by itself is about: the databases and pools of its incident's services, or its defaults."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from core.errors import Refused
from runbooks.domain.inputs import Input
from runbooks.models import Database, Host, Pool

THINGS: Final[Mapping[str, type[Database] | type[Pool]]] = {"database": Database, "pool": Pool}


def chosen(inputs: Mapping[str, Input], services: Collection[str]) -> dict[str, Any]:
    """Nobody is helped by a diagnosis of what there is not. Raises Refused."""
    found = {
        name: own
        for name, one in inputs.items()
        if one.type in THINGS and (own := _of(one.type, services))
    }
    fixed = {name: one for name, one in inputs.items() if name not in found and one.of not in found}
    if missing := _unknown_hosts(fixed.values()):
        pools = {one.of for one in fixed.values() if one.of}
        if not (pools and (only := _the_only_pool())):
            raise Refused(_("No host is called %(names)s.") % {"names": ", ".join(sorted(missing))})
        found |= dict.fromkeys(pools, only)
    for one in fixed.values():
        if one.type == "database" and not Database.objects.filter(name=one.default).exists():
            raise Refused(_("No database is called %(name)s.") % {"name": one.default})
    return found


def _of(kind: str, services: Collection[str]) -> str | None:
    """The first by its name, where there are several."""
    rows = THINGS[kind].objects.filter(services__slug__in=services).order_by("name")
    return rows.values_list("name", flat=True).first()


def _the_only_pool() -> str | None:
    names = Pool.objects.values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else None


def _unknown_hosts(inputs: Iterable[Input]) -> set[str]:
    named = {str(host) for one in inputs if one.type == "hosts" for host in one.default or ()}
    known = Host.objects.filter(name__in=named, enabled=True).values_list("name", flat=True)
    return named - set(known)
