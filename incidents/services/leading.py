"""Where the severity says so, whoever leads a team concerned hears of it at once, unless they are paged."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from incidents.models import Event, Incident
from incidents.services import timeline
from incidents.services.notices import notices
from incidents.services.policies import Book, leader
from incidents.services.timeline import Entry
from notifications import queries as sent
from notifications import services as outbox
from notifications.models import Delivery
from teams.models import User

STEP: Final = "leaders"  # nobody hears twice that an incident concerns their team


def tell_leaders(incidents: Sequence[Incident], book: Book, *, at: datetime) -> None:
    """In the transaction that opens them or changes how grave they are, after their pages."""
    wanted = [incident for incident in incidents if book[incident.severity].tells_leaders]
    if not wanted:
        return
    prefetch_related_objects(wanted, "services")
    known = sent.who_was_told((incident.topic for incident in wanted), step=STEP)
    events: list[Event] = []
    made: list[Delivery] = []
    for incident in wanted:
        leaders = _leaders(incident, book, but=known.get(incident.topic, set()))
        pages = [page for page in map(leader, leaders) if page]
        if pages:
            told = {"names": [page.name for page in pages]}
            events += timeline.chained(incident, [Entry("leaders_told", at, data=told)])
            made += notices(
                incident, pages, book=book, step=STEP, headline=lambda: _("It concerns your team"),
                at=at,
            )  # fmt: skip
    if made:
        timeline.write(events, wanted)
        outbox.queue(made)


def _leaders(incident: Incident, book: Book, *, but: set[int]) -> Iterable[User]:
    """Of the severity's team, of the one a route named, and of those that own what is affected."""
    team = book.team(incident.severity)
    owners = {service.owner_id for service in incident.services.all() if service.owner_id}
    routed = {incident.routed_to_id} if incident.routed_to_id else set()
    teams = [*([team] if team else []), *book.directory.teams(sorted(owners | routed))]
    people = {each.lead.pk: each.lead for each in teams if each.lead and each.lead.is_active}
    return [person for pk, person in people.items() if pk not in but]
