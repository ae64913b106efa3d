"""Duplicates become one incident, and alerts find their right one.

Locks, in this order: the gate before the intake, then the incidents, the lower number first. With
the gate closed no reader holds incidents in another order, so that nobody waits in a circle.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from incidents.domain.intake import severity_after_joining
from incidents.domain.merging import Obstacle, obstacle
from incidents.models import Incident, LinkedAlert
from incidents.services import news, responding, timeline
from incidents.services.gate import close_gate
from incidents.services.opening import Draft, open_all
from incidents.services.policies import read_book
from incidents.services.timeline import Entry
from teams.models import User

WHY_NOT = {
    Obstacle.ITSELF: gettext_lazy("An incident cannot be merged into itself."),
    Obstacle.OVER: gettext_lazy("#%(number)s is over: there is nothing to merge."),
    Obstacle.TARGET_OVER: gettext_lazy("#%(into)s is over: reopen it first."),
}


def merge(incident: Incident, *, into: Incident, by: User, at: datetime) -> None:
    """`incident` ends as a duplicate: its alerts move, its pages are withdrawn, both timelines stay."""
    with transaction.atomic():
        held = _held(incident.pk, into.pk)
        duplicate, home = held[incident.pk], held[into.pk]
        why_not = obstacle(duplicate.pk, duplicate.status, into=home.pk, into_status=home.status)
        if duplicate.drill != home.drill:
            raise Refused(_("A drill and a real incident stay apart."))
        if why_not:
            raise Refused(WHY_NOT[why_not] % {"number": duplicate.pk, "into": home.pk})
        moved = duplicate.alert_links.update(incident=home, came_from=duplicate)
        responding.end_as_duplicate(duplicate, of=home, by=by, at=at)
        said = {"number": duplicate.pk, "alerts": moved} | duplicate.titled
        home.services.add(*duplicate.services.all())
        _receive(home, duplicate.severity, Entry("absorbed", at, by=by, data=said), at=at)


def unmerge(incident: Incident, *, by: User, at: datetime) -> None:
    """It was none: its alerts come back, and it opens anew, for its people were called off."""
    home = incident.merged_into
    if home is None:
        raise Refused(_("#%(number)s is not merged.") % {"number": incident.pk})
    with transaction.atomic():
        held = _held(incident.pk, home.pk)
        duplicate, home = held[incident.pk], held[home.pk]
        if duplicate.merged_into_id != home.pk or not home.is_open:
            raise Refused(WHY_NOT[Obstacle.TARGET_OVER] % {"into": home.pk})
        came = LinkedAlert.objects.filter(incident=home, came_from=duplicate)
        moved = came.update(incident=duplicate, came_from=None)
        said = {"number": duplicate.pk, "alerts": moved} | duplicate.titled
        timeline.append(home, Entry("released", at, by=by, data=said))
        responding.reopen(duplicate, by=by, at=at)


def move_alert(
    incident: Incident, alert: int, *, to: Incident | None, by: User, at: datetime
) -> Incident:
    """To another open incident, or to a new one; said on both timelines."""
    with transaction.atomic():
        held = _held(incident.pk, *([to.pk] if to else []))
        link = (
            LinkedAlert.objects.select_related("alert").filter(pk=alert, incident=incident).first()
        )
        if link is None:
            raise Refused(_("That alert is not linked to this incident."))
        if to and obstacle(
            incident.pk, held[incident.pk].status, into=to.pk, into_status=held[to.pk].status
        ):
            raise Refused(_("An alert moves from one open incident to another."))
        if to and held[to.pk].drill:
            raise Refused(_("A drill and a real incident stay apart."))
        home = held[to.pk] if to else _opened_for(link, by=by, at=at)
        said = {"alert": link.pk, "from": incident.pk, "to": home.pk} | link.alert.titled
        LinkedAlert.objects.filter(pk=link.pk).update(incident=home, came_from=None, at=at)
        timeline.append(held[incident.pk], Entry("alert_moved", at, by=by, data=said))
        _receive(home, link.alert.severity, Entry("alert_moved", at, by=by, data=said), at=at)
    return home


def _held(*numbers: int) -> dict[int, Incident]:
    close_gate()
    rows = Incident.objects.select_for_update(of=("self",)).order_by("number")
    found = rows.in_bulk(numbers)
    if len(found) != len(set(numbers)):
        raise Refused(_("There is no such incident."))
    return found


def _receive(home: Incident, severity: str, said: Entry, *, at: datetime) -> None:
    """As when an alert joins: a proposal to resolve falls, a graver severity raises."""
    Incident.objects.filter(pk=home.pk).update(last_alert_at=at)
    news.alerts_joined(home, [said], at=at)
    graver = severity_after_joining(
        home.severity, severity, chosen_by_a_person=home.severity_by_person
    )
    news.raise_to(home, graver, read_book(at=at), at=at)


def _opened_for(link: LinkedAlert, *, by: User, at: datetime) -> Incident:
    alert = link.alert
    draft: dict[str, Any] = {"title": alert.title, "severity": alert.severity, "at": at}
    said = Entry("declared", at, by=by, data={"severity": alert.severity})
    services = list(link.incident.services.all())
    new = Draft(
        **draft, description=alert.description, translations=alert.translations, runbook_url=alert.runbook, services=services, started_at=alert.started_at,
        entries=[said],
    )  # fmt: skip
    return open_all([new], book=read_book(at=at))[0]
