"""No kind of event that the product writes is forgotten by the timeline's filters."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from incidents.domain.story import HOMES, KINDS, Show
from incidents.models import Event
from incidents.narration import TELLERS
from incidents.services.timeline import Entry, append
from runbooks.domain.actions import State
from tests.incidents.conftest import after

APPS = ("core", "teams", "monitoring", "notifications", "incidents", "runbooks", "energy", "maintenance", "postmortems", "statuspage")  # fmt: skip
AT_HOME = {kind: show for show, kinds in HOMES.items() for kind in kinds}


def written(tree: ast.Module) -> Iterator[str]:
    """What the module's entries of the timeline are called, as patterns: `f"action_{word}"` fits many."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Entry":
            kind = node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "kind")  # fmt: skip
            yield _pattern(kind)


def _pattern(kind: ast.expr) -> str:
    if isinstance(kind, ast.JoinedStr):
        return "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"
            for part in kind.values
        )
    assert isinstance(kind, ast.Constant), f"a kind that cannot be read: {ast.unparse(kind)}"
    return re.escape(str(kind.value))


def entries() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            text = path.read_text()
            if "services.timeline import" in text and "Entry" in text:
                for pattern in written(ast.parse(text)):
                    yield path.name, pattern


def test_every_kind_is_at_home_in_one_filter():
    counted = Counter(kind for kinds in HOMES.values() for kind in kinds)

    assert [kind for kind, times in counted.items() if times > 1] == []
    assert set(counted) == set(TELLERS)


def test_whatever_the_code_writes_has_a_home():
    found = list(entries())

    assert [one for one in found if not any(re.fullmatch(one[1], kind) for kind in AT_HOME)] == []
    assert len(found) > 30


def test_a_home_holds_only_what_somebody_writes():
    patterns = [pattern for _, pattern in entries()]

    assert [
        kind for kind in AT_HOME if not any(re.fullmatch(pattern, kind) for pattern in patterns)
    ] == []


def test_every_outcome_of_a_guarded_action_has_a_home():
    told = {State.CONFIRMED, State.FAILED, State.LOST, State.UNKNOWN, State.SHADOWED, State.EXPIRED}
    assert {f"action_{state}" for state in told} <= HOMES[Show.ACTIONS]


@pytest.mark.django_db
@pytest.mark.parametrize("show", [*HOMES])
def test_a_filter_shows_the_kinds_at_home_in_it(declare, show):
    incident = declare("P1")
    append(incident, *[Entry(kind, after(minutes=1)) for kind in AT_HOME])

    seen = Event.objects.filter(incident=incident, at=after(minutes=1)).shown(show, pinned=())
    assert {event.kind for event in seen} == KINDS[show]
