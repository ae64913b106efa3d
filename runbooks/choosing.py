"""What a run that starts by itself is about: the databases and pools of its incident's services, or its defaults."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from runbooks.domain.inputs import OF, Input
from runbooks.domain.writing import Wrong
from runbooks.inventory import NAMED, here, members

MANY: Final = 20  # of which nobody knows which is meant


def chosen(inputs: Mapping[str, Input], services: Collection[str]) -> dict[str, Any]:
    """Where the hosts that it names are not there, the only pool or database that has any."""
    asked = here(inputs)
    found = {
        name: own
        for name, one in asked.items()
        if one.type in OF and (own := _of(one.type, services))
    }
    for one in asked.values():
        if one.of and one.of not in found and one.default is None:
            found |= _the_only(one.of, asked[one.of].type)
    return found


def _of(kind: str, services: Collection[str]) -> str | None:
    """The first by its name, where there are several."""
    rows = NAMED[kind].filter(services__slug__in=services).order_by("name")
    name: str | None = rows.values_list("name", flat=True).first()
    return name


def _the_only(of: str, kind: str) -> dict[str, str]:
    names = [name for name in NAMED[kind].values_list("name", flat=True)[:MANY] if _has(kind, name)]
    return {of: names[0]} if len(names) == 1 else {}


def _has(kind: str, name: str) -> bool:
    try:
        return bool(members(kind, name))
    except Wrong:
        return False
