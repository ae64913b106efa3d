"""How far each round of a checklist is: for the pages, the reports and the API."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.due import When, when
from maintenance.models import Round
from maintenance.services.planning import company_zone

TONES: Final = {When.LATE: "p1", When.SOON: "p2", When.LATER: "p3"}


@dataclass(frozen=True)
class RoundRow:
    round: Round
    answered: int
    total: int
    findings: int
    when: When | None  # none: it is signed

    @property
    def tone(self) -> str:
        return TONES[self.when] if self.when else "good"

    @property
    def percent(self) -> int:
        return 100 * self.answered // max(1, self.total)

    @property
    def is_late(self) -> bool:
        return self.when is When.LATE

    @property
    def word(self) -> str:
        row = self.round
        if row.signed_at and row.signed_by:
            day = row.signed_at.astimezone(company_zone()).date()
            return _("signed by %(name)s on %(day)s") % {"name": row.signed_by.name, "day": day}
        return (_("was due on %(due)s") if self.is_late else _("due on %(due)s")) % {"due": row.due}


def rounds() -> QuerySet[Round]:
    rows = Round.objects.select_related("checklist", "owner", "signed_by")
    return rows.order_by("-first", "checklist").annotate(
        total=Count("answers"),
        answered=Count("answers", filter=~Q(answers__said="")),
        findings=Count("answers", filter=Q(answers__said="finding")),
    )


def row_of(row: Round, today: date) -> RoundRow:
    state = None if row.signed_at else when(row.due, today=today)
    counted: Any = row
    return RoundRow(row, counted.answered, counted.total, counted.findings, state)
