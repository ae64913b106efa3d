"""Which text a PDF shows: of a published postmortem its frozen version, of another what it says now."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from incidents.models import Pin
from postmortems.models import ActionItem, Postmortem, Version


@dataclass(frozen=True)
class Shown:
    digest: str
    frozen: bool


def shown(postmortem: Postmortem) -> Shown:
    return all_shown([postmortem])[postmortem.pk]


def frozen_version(postmortem: Postmortem) -> Version | None:
    """The same text gives the same bytes, whatever is noted or done after it was published."""
    if postmortem.is_open:
        return None
    return postmortem.versions.order_by("-number").first()


def all_shown(postmortems: Collection[Postmortem]) -> dict[int, Shown]:
    """By postmortem, with as many queries for a hundred as for one."""
    versions = _versions([one for one in postmortems if not one.is_open])
    live = [one for one in postmortems if one.pk not in versions]
    actions, pins = _actions(live), _pins(live)
    found = {pk: Shown(_sum(said), frozen=True) for pk, said in versions.items()}
    for one in live:
        said = [one.incident.timeline_head, pins[one.incident_id], one.version, *actions[one.pk]]
        found[one.pk] = Shown(_sum(said), frozen=False)
    return found


def _versions(postmortems: Collection[Postmortem]) -> dict[int, list[object]]:
    newest = Version.objects.filter(postmortem__in=postmortems).order_by("postmortem", "-number")
    rows = newest.distinct("postmortem").values_list("postmortem", "number", "hash")
    return {pk: [number, said] for pk, number, said in rows}


def _actions(postmortems: Collection[Postmortem]) -> defaultdict[int, list[object]]:
    rows = ActionItem.objects.filter(postmortem__in=postmortems).order_by("pk").values_list(
        "postmortem", "kind", "description", "owner", "person", "team", "due_date", "priority", "status"
    )  # fmt: skip
    found: defaultdict[int, list[object]] = defaultdict(list)
    for pk, *said in rows:
        found[pk].append(said)
    return found


def _pins(postmortems: Collection[Postmortem]) -> defaultdict[int, list[int]]:
    numbers = [one.incident_id for one in postmortems]
    found: defaultdict[int, list[int]] = defaultdict(list)
    rows = Pin.objects.filter(incident__in=numbers).order_by("seq")
    for number, seq in rows.values_list("incident", "seq"):
        found[number].append(seq)
    return found


def _sum(said: list[object]) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()
