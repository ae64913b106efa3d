"""The page of the five whys: the tree that everybody sees, and one's own box to write in."""

from collections.abc import Mapping
from typing import Any

from postmortems.citing import offered
from postmortems.domain.causes import Answer, immediate, tree, underlying
from postmortems.models import Evidence, Postmortem, Why
from postmortems.questions import asked
from postmortems.screens.causes import causes, numbered
from teams.domain.roles import Action
from teams.models import User


def tree_part(postmortem: Postmortem, reader: User) -> dict[str, Any]:
    rows = postmortem.whys.values_list("pk", "parent", "answer")
    known = tree(Answer(*row) for row in rows)
    return {
        "postmortem": postmortem,
        "incident": postmortem.incident,
        "may_answer": reader.may(Action.RESPOND) and postmortem.is_open,
        "may_write": reader.may(Action.REVIEW),
        "causes": causes(postmortem),
        "immediate": [one.answer.text for one in immediate(known)],
        "underlying": [one.answer.text for one in underlying(known)],
    }


def compose(postmortem: Postmortem, query: Mapping[str, str]) -> dict[str, Any]:
    """Whatever the address asks for: an answer under another, other words for one, or evidence."""
    under, edited, cited = (
        _named(postmortem, query.get(name, "")) for name in ("under", "edit", "cite")
    )
    depth = _depth(postmortem, under) if under else 0
    return {
        "under": under,
        "edited": edited,
        "cited": cited,
        "question": asked(depth),
        "typed": edited.answer if edited else "",
        "sources": _sources(postmortem),
    }


def _named(postmortem: Postmortem, key: str) -> Why | None:
    return (
        postmortem.whys.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    )


def _depth(postmortem: Postmortem, why: Why) -> int:
    """How deep what led to it stands."""
    found = {one.why.pk: one.depth for one in numbered(causes(postmortem))}
    return found.get(why.pk, 0) + 1


def _sources(postmortem: Postmortem) -> list[tuple[str, list[tuple[str, str]]]]:
    """By kind, as the groups of a list to choose from."""
    found = offered(postmortem.incident)
    groups = []
    for kind in Evidence.Kind:
        rows = [(f"{one.kind}-{one.ref}", one.said) for one in found if one.kind == kind]
        if rows:
            groups.append((str(kind.label), rows))
    return groups
