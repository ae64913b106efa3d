"""A word to customers while there is no database: into the tree at once, into the tables once, later.

The journal beside the tree holds what the tables do not know yet. It is written before the tree, and forgotten
after the tables have it; each line carries the name of its update, which the tables hold once.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from core.errors import Refused
from statuspage import sent
from statuspage.domain import emergency
from statuspage.domain.emergency import Impossible, Line
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import Snapshot, Text, moment, written
from statuspage.domain.states import State
from statuspage.models import Component, Notice, Update
from statuspage.models.public import new_name
from statuspage.services import foretelling
from statuspage.services.saying import Words, say
from statuspage.taking_turns import halted
from statuspage.tree import Tree
from statuspage.written import written_of

JOURNAL: Final = "emergency.json"


def post(
    body: Text, *, phase: Phase, at: datetime, title: Text, states: Mapping[str, State],
    notice: str = "", tree: Tree | None = None, rehearse: bool = False,
) -> Line:  # fmt: skip
    """Asks no table. Raises `Impossible` if it cannot follow what was said last, or nothing was ever published.

    `rehearse`: only whether it can be said.
    """
    tree = tree or Tree()
    line: Line = {
        "id": new_name(), "at": written(at), "notice": notice or new_name(), "title": title,
        "phase": phase, "body": body, "states": {**states},
    }  # fmt: skip
    with tree.held():
        snapshot = as_told(tree)
        emergency.check(snapshot, line)
        if not rehearse:
            lines = [*waiting(tree), line]
            tree.keep(JOURNAL, json.dumps(lines, ensure_ascii=False).encode())
            catch_up(snapshot, [line])
            tree.publish(snapshot, written_of(snapshot))
    return line


def as_told(tree: Tree) -> Snapshot:
    """What was published last, and all that was said since without a database."""
    snapshot = tree.published()
    if snapshot is None:
        raise Impossible("Nothing was published from here yet: there is no page to say it on.")
    catch_up(snapshot, waiting(tree))
    return snapshot


def catch_up(snapshot: Snapshot, lines: list[Line]) -> None:
    """Also what somebody wrote down and died before it was on the page."""
    for one in lines:
        if not emergency.heard(snapshot, one):
            emergency.said(snapshot, one)


def waiting(tree: Tree) -> list[Line]:
    path: Path = tree.root / JOURNAL
    lines: list[Line] = json.loads(path.read_text()) if path.exists() else []
    return lines


def reconcile(tree: Tree, *, at: datetime) -> int:
    """How many lines the tables did not know. The caller holds the tree, so that none is written meanwhile."""
    if not waiting(tree):
        return 0
    with halted():
        lines = waiting(tree)
        names = [one["id"] for one in lines]
        known = Update.objects.in_bulk(names, field_name="public_id")
        fresh = [one for one in lines if one["id"] not in known]
        for name, update in known.items():  # whoever took it died, and it was mailed on since
            foretelling.note(update, name, at=at)
        for one in fresh:
            _take(one)
        tree.forget(JOURNAL)
    for name in names:
        sent.forget(name)
    return len(fresh)


@transaction.atomic
def _take(line: Line) -> None:
    body, at = line["body"], moment(line["at"])
    by_id = Component.objects.in_bulk(line["states"], field_name="public_id")
    notice, _new = Notice.objects.get_or_create(
        public_id=line["notice"],
        defaults={
            "phase": Phase.INVESTIGATING, "started_at": at,
            "title_ko": line["title"].get("ko", ""), "title_en": line["title"].get("en", ""),
        },
    )  # fmt: skip
    states = _said(notice) | {one: State(line["states"][key]) for key, one in by_id.items()}
    if line["states"]:
        Notice.objects.filter(pk=notice.pk).update(by_person=True)
    words = Words(Phase(line["phase"]), body.get("ko", ""), body.get("en", ""), states)
    try:
        update = say(notice, words, by=None, at=at)
    except Refused:  # the tables had moved on unseen; customers were told it all the same
        update = Update.objects.create(
            notice=notice, phase=line["phase"], at=at, body_ko=words.body_ko, body_en=words.body_en
        )
    else:
        foretelling.note(update, line["id"], at=at)
    Update.objects.filter(pk=update.pk).update(public_id=line["id"])


def _said(notice: Notice) -> dict[Component, State]:
    rows = notice.affected.select_related("component")
    return {one.component: State(one.state) for one in rows}
