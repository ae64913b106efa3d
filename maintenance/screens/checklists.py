"""Checklists of people: how far each is, and one of them beside what was said the last time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count

from maintenance.domain.checklists import Why, is_unproven
from maintenance.models import Checklist, Drill, Round, RoundAnswer, RoundFile
from maintenance.rounds import RoundRow, rounds, row_of
from maintenance.screens import drills
from maintenance.services.answering import WHY, plain, why_not
from maintenance.services.checklists import answers_for
from maintenance.services.planning import company_zone
from maintenance.services.rehearsing import CONTINUITY
from teams.domain.roles import Action
from teams.models import User

SHOWN: Final = 8  # periods of each
SAID: Final = {"fine": "good", "finding": "p1", "not_ours": "none"}


@dataclass(frozen=True)
class ListRow:
    checklist: Checklist
    newest: RoundRow | None
    before: Sequence[RoundRow]
    late: Sequence[RoundRow]  # older ones that nobody has signed


@dataclass(frozen=True)
class ItemRow:
    answer: RoundAnswer
    before: RoundAnswer | None
    files: Sequence[RoundFile] = field(default_factory=list)
    unproven: bool = False

    @property
    def tone(self) -> str:
        return SAID.get(self.answer.said, "")

    @property
    def before_tone(self) -> str:
        return SAID.get(self.before.said, "") if self.before else ""


def overview(*, at: datetime) -> list[ListRow]:
    """Two queries, however many there are."""
    lists = list(Checklist.objects.annotate(asked=Count("items")).order_by("key"))
    today = at.astimezone(company_zone()).date()
    found: dict[int, list[RoundRow]] = defaultdict(list)
    for row in rounds()[: SHOWN * max(1, len(lists))]:
        found[row.checklist_id].append(row_of(row, today))
    shown = [_listed(one, found[one.pk]) for one in lists]
    return [one for one in shown if one.newest or one.checklist.enabled]


def _listed(checklist: Checklist, rows: Sequence[RoundRow]) -> ListRow:
    newest, before = (rows[0], rows[1:SHOWN]) if rows else (None, [])
    late, signed = (
        [one for one in before if bool(one.when) is is_open] for is_open in (True, False)
    )
    return ListRow(checklist, newest, signed, late)


def round_page(row: Round, user: User, *, at: datetime) -> dict[str, Any]:
    return {
        "items": items_of(row),
        "last": last_time(row),
        "answers_for": answers_for(row) if not row.signed_at else row.owner,
        **_drills(row, at),
        **standing(row, user, at=at),
    }


def _drills(row: Round, at: datetime) -> dict[str, Any]:
    """Those of its quarter, beside the list that asks for one."""
    if row.checklist.key != CONTINUITY:
        return {}
    zone = company_zone()
    held = Drill.objects.held(row.period.starts(zone), row.period.ends(zone))
    return {"rehearses": True, "drills": drills.rows(held.select_related("lead", "incident"), at)}


def standing(row: Round, user: User, *, at: datetime) -> dict[str, Any]:
    """How far it is, and whether this person may sign it now."""
    today = at.astimezone(company_zone()).date()
    why = why_not(row, user)
    return {
        "row": row_of(row, today),
        "round": row,
        "why": WHY[why] if why and why is not Why.SIGNED else "",
        "missing": _missing(row) if why in (Why.UNANSWERED, Why.EVIDENCE) else [],
        **may(row, user),
    }


def _missing(row: Round) -> list[RoundAnswer]:
    answers = row.answers.prefetch_related("files")
    return [one for one in answers if not one.said or is_unproven(plain(one))]


def may(row: Round, user: User) -> dict[str, bool]:
    is_open = row.signed_at is None
    return {
        "may_answer": is_open and user.may(Action.RESPOND),
        "may_hand": is_open and user.may(Action.COMMAND),
        "may_sign": is_open and user.may(Action.SIGN),
    }


def last_time(row: Round) -> Round | None:
    """The newest before it."""
    return (
        Round.objects.filter(checklist=row.checklist_id, first__lt=row.first)
        .order_by("-first")
        .first()
    )


def items_of(row: Round, only: Iterable[int] = ()) -> list[ItemRow]:
    answers = row.answers.select_related("by").prefetch_related("files__by")
    answers = answers.filter(pk__in=only) if only else answers
    before = _before(last_time(row))
    return [
        ItemRow(
            one,
            before.get(one.item_id) or before.get(one.text_ko),
            list(one.files.all()),
            bool(one.said) and is_unproven(plain(one)),
        )
        for one in answers
    ]


def _before(last: Round | None) -> dict[int | str | None, RoundAnswer]:
    """By their item, or by their words where that is gone."""
    found: dict[int | str | None, RoundAnswer] = {}
    for one in last.answers.select_related("by") if last else ():
        if one.said:
            found[one.text_ko] = one
            if one.item_id is not None:
                found[one.item_id] = one
    return found
