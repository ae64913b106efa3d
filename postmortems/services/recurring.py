"""An incident that came back while something against its cause was still open."""

from collections.abc import Iterable

from django.db.models import QuerySet

from incidents.models import Incident
from postmortems.models import ActionItem, Postmortem, Suggestion


def recurring(incident: Incident, alike: Iterable[int] = ()) -> list[ActionItem]:
    """Open action items of incidents with the same alerts, and of those that are said to be alike."""
    items = ActionItem.objects.open().exclude(postmortem__incident=incident)
    found = items.filter(postmortem__incident__in=list(alike))
    if incident.group:
        found |= items.filter(postmortem__incident__group=incident.group)
    return _read(found)


def repeats(postmortem: Postmortem) -> list[ActionItem]:
    """Those of the same alerts, and those of which a person said that they touch the same cause."""
    named = postmortem.suggestions.filter(kind=Suggestion.Kind.ACTION, accepted=True)
    found = ActionItem.objects.open().filter(pk__in=named.values("ref"))
    if postmortem.incident.group:
        same = ActionItem.objects.open().exclude(postmortem=postmortem)
        found |= same.filter(postmortem__incident__group=postmortem.incident.group)
    return _read(found)


def _read(items: QuerySet[ActionItem]) -> list[ActionItem]:
    rows = items.select_related("postmortem__incident", "person", "team")
    return list(rows.order_by("due_date", "pk")[:20])
