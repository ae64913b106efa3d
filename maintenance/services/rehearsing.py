"""The quarterly business continuity test: when its round begins, a drill is planned beside it."""

from datetime import date, datetime
from typing import Final

from django.db.models import Max

from maintenance.domain.periods import Period
from maintenance.domain.rehearsing import drill_of, longest_ago
from maintenance.models import Drill, DrillState, Scenario, Way
from maintenance.services import drilling
from maintenance.services.planning import company_zone
from teams.models import User

CONTINUITY: Final = "business_continuity_test"  # the key of its checklist
SEVERITY: Final = "P2"
# What continuity is most about comes first, as long as none of them was ever gone through.
ORDER: Final = [
    Scenario.SITE, Scenario.DATA, Scenario.PAGING, Scenario.DATABASE, Scenario.ENERGY,
    Scenario.NETWORK, Scenario.SYSTEM_DOWN, Scenario.STORM, Scenario.ROLLING,
]  # fmt: skip


def plan_drill(period: Period, *, due: date, lead: User | None, at: datetime) -> Drill | None:
    """Whoever leads it is told. None: the period has one, or no day is left."""
    zone = company_zone()
    held = Drill.objects.held(period.starts(zone), period.ends(zone))
    moment = drill_of(
        period, due=due, at=at, held=[one.held_at for one in held], zone=zone
    )  # fmt: skip
    if moment is None:
        return None
    return drilling.plan(
        scenario=longest_ago(ORDER, _last()), way=Way.TABLETOP, severity=SEVERITY,
        planned_at=moment, by=None, lead=lead, at=at,
    )  # fmt: skip


def _last() -> dict[str, datetime]:
    ended = Drill.objects.filter(state=DrillState.DONE).order_by()
    return dict(ended.values_list("scenario").annotate(last=Max("began_at")))
