"""When postmortems are due: the severity's rule, counted from the resolution."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.models import Incident, SeverityPolicy
from postmortems.models import Postmortem


@dataclass(frozen=True)
class Due:
    by: datetime
    overdue: bool

    def __str__(self) -> str:
        said = _("overdue since %(date)s") if self.overdue else _("due by %(date)s")
        return said % {"date": f"{timezone.localtime(self.by):%Y/%m/%d %H:%M}"}


def dues(postmortems: Iterable[Postmortem], *, at: datetime) -> dict[int, Due]:
    """By incident, of those that are not published yet: one query for all."""
    policies = {policy.severity: policy for policy in SeverityPolicy.objects.all()}
    found = {
        each.incident_id: _due(each.incident, policies, at=at)
        for each in postmortems
        if each.is_open
    }
    return {number: due for number, due in found.items() if due}


def due_of(incident: Incident, *, at: datetime) -> Due | None:
    """Of an incident whose postmortem is not published, begun or not."""
    policies = SeverityPolicy.objects.in_bulk([incident.severity])
    return _due(incident, policies, at=at)


def _due(incident: Incident, policies: dict[str, SeverityPolicy], *, at: datetime) -> Due | None:
    policy = policies.get(incident.severity)
    # A drill owes none, and for a duplicate the incident has one that it turned out to be.
    if incident.drill or incident.merged_into_id:
        return None
    by = policy.postmortem_by(resolved_at=incident.resolved_at) if policy else None
    return Due(by, by < at) if by else None
