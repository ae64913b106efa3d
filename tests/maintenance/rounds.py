"""A checklist of two items, begun for tests."""

from datetime import datetime
from typing import Any

from maintenance.models import Checklist, ChecklistItem, Round
from maintenance.services.checklists import begin_due

MORNING = datetime.fromisoformat("2026-10-05T01:00:00+00:00")  # ten in Seoul, in the fourth quarter


def checklist(key: str = "trial", *, items: int = 2, evidence: int = 0, **more: Any) -> Checklist:
    made = Checklist.objects.create(key=key, name_ko="시험 목록", name_en="Trial list", **more)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            checklist=made, place=place, text_ko=f"항목 {place}", text_en=f"Item {place}",
            needs_evidence=place <= evidence,
        )
        for place in range(1, items + 1)
    )  # fmt: skip
    return made


def begun(at: datetime = MORNING, **more: Any) -> Round:
    Checklist.objects.update(enabled=False)  # not those that come with Bongsu
    made = checklist(**more)
    begin_due(at=at)
    return made.rounds.get()
