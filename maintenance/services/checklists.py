"""Checklists begin once a period, and who owes one is told and reminded quietly. Safe to run twice, or at once."""

from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.due import MORNING, SOON, reminder
from incidents.services.quietly import quietly
from maintenance.domain.checklists import due_of
from maintenance.domain.periods import Period, at_local, period_at
from maintenance.models import FREQUENCY, Checklist, ChecklistItem, Drill, Round, RoundAnswer
from maintenance.services.planning import company_zone
from maintenance.services.rehearsing import CONTINUITY, plan_drill
from notifications import services as outbox
from notifications.models import Delivery
from teams.domain.roles import Action, Role, may
from teams.models import User

LIBRARY: Final = Path(__file__).parent.parent / "checklists"
BATCH: Final = 100
SIGNERS: Final = [role for role in Role if may(role, Action.SIGN)]


@transaction.atomic
def load_checklists(folder: Path = LIBRARY) -> int:
    """Those that are new; what is there is the administrators'. How many."""
    found = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    known = set(Checklist.objects.filter(key__in=found).values_list("key", flat=True))
    new = [key for key in found if key not in known]
    return sum(_loaded(key, yaml.safe_load(found[key].read_text(encoding="utf-8"))) for key in new)


def _loaded(key: str, told: dict[str, Any]) -> bool:
    name, purpose = told["name"], told["purpose"]
    row, made = Checklist.objects.get_or_create(
        key=key,
        defaults={
            "name_ko": name["ko"], "name_en": name["en"], "days": told["days"],
            "purpose_ko": purpose["ko"], "purpose_en": purpose["en"],
        },
    )  # fmt: skip
    if made:
        ChecklistItem.objects.bulk_create(
            ChecklistItem(
                checklist=row, place=place, text_ko=item["ko"], text_en=item["en"],
                needs_evidence=item.get("evidence", False),
            )
            for place, item in enumerate(told["items"], start=1)
        )  # fmt: skip
    return made


def begin_due(*, at: datetime) -> int:
    """How many begin: one for each checklist and period. What was over before anybody looked is left out."""
    period = period_at(FREQUENCY, at, company_zone())
    rows = Checklist.objects.filter(enabled=True).exclude(rounds__first=period.first)
    return sum(_begun(row, period, at) for row in rows.select_related("owner"))


def _begun(checklist: Checklist, period: Period, at: datetime) -> bool:
    items = list(checklist.items.all())
    if not items:
        return False
    begun = at.astimezone(company_zone()).date()
    given = {
        "owner": checklist.owner, "begun_at": at,
        "due": due_of(period, checklist.days, begun=begun),
    }  # fmt: skip
    with transaction.atomic():
        row, made = Round.objects.get_or_create(
            checklist=checklist, first=period.first, defaults=given
        )
        if made:
            RoundAnswer.objects.bulk_create(
                RoundAnswer(
                    round=row, item=item, place=place, text_ko=item.text_ko, text_en=item.text_en,
                    needs_evidence=item.needs_evidence,
                )
                for place, item in enumerate(items, start=1)
            )  # fmt: skip
            drill = None
            if checklist.key == CONTINUITY:
                drill = plan_drill(period, due=row.due, lead=answers_for(row), at=at)
            morning = at_local(begun, time(MORNING), company_zone())
            outbox.queue(notices(row, "begun", max(at, morning), drill=drill))
    return made


@transaction.atomic
def remind_due(*, at: datetime) -> int:
    """The rows are locked until their messages stand in the outbox: whoever dies between has done neither."""
    today = at.astimezone(company_zone())
    if today.hour < MORNING:
        return 0
    date = today.date()
    due = Round.objects.open().filter(
        Q(due__lt=date, told_after=False)
        | Q(due__gte=date, due__lte=date + SOON, told_before=False)
    )
    held = due.select_related("checklist__owner", "owner").select_for_update(
        skip_locked=True, of=("self",)
    )
    rows = list(held.order_by("due", "pk")[:BATCH])
    for row in rows:
        said = reminder(row.due, today=date, told_before=row.told_before, told_after=row.told_after)
        outbox.queue(notices(row, said.word, at))
        row.told_before, row.told_after = said.told_before, said.told_after
    Round.objects.bulk_update(rows, ["told_before", "told_after"])
    return len(rows)


def notices(
    row: Round, word: str, at: datetime, *, to: User | None = None, drill: Drill | None = None
) -> list[Delivery]:
    """`word`: it has "begun", was "given" to somebody, is due ("before", "after"), or "ready" to be signed.

    To whoever sees to it, unless it is `to` somebody else.
    """
    person = answers_for(row)
    answers = row.answers.all()
    context = {
        "ko": row.checklist.name_ko,
        "en": row.checklist.name_en,
        "period": str(row.period),
        "owner": person.name if person else "",
        "due": row.due.isoformat(),
        "word": word,
        "late": word == "after",
        "drill": f"{drill.planned_at.astimezone(company_zone()):%Y-%m-%d %H:%M}" if drill else "",
        "open": sum(not one.said for one in answers),
        "page": f"{settings.BASE_URL}{row.get_absolute_url()}",
    }
    step = f"{word}:{row.due:%y%m%d}"
    return quietly(to or person, f"checklist:{row.pk}", step, "checklist", context, at=at)


def signers() -> list[User]:
    """Managers, or administrators where there is none."""
    people = User.objects.filter(is_active=True, role__in=SIGNERS).order_by("pk")
    return list(people.filter(role=Role.MANAGER)) or list(people)


def answers_for(row: Round) -> User | None:
    """Whoever owns it; else the list's owner; else the first who could sign it. Nobody who has left."""
    owners = [one for one in (row.owner, row.checklist.owner) if one and one.is_active]
    return next(iter(owners or signers()), None)
