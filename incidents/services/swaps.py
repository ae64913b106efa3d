"""Swaps that are asked for reach whoever could take them: quietly, once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from core.bilingual import in_language
from incidents.services.directory import CONTACTS
from incidents.services.policies import leader
from notifications import services as outbox
from notifications.models import Delivery, Lane
from teams.models import Team, User
from teams.oncall import rosters_at
from teams.rotations import Swap

BATCH: Final = 50


def tell_of_swaps(*, at: datetime) -> int:
    """The team of the rotation and whoever takes turns in it; not the one who asks."""
    with transaction.atomic():
        asked = Swap.objects.filter(closed_at=None, told_at=None).select_for_update(
            skip_locked=True, of=("self",)
        )
        swaps = list(asked.select_related("rotation", "asked_by")[:BATCH])
        for swap in swaps:
            outbox.queue(_notices(swap, at))
        Swap.objects.filter(pk__in=[swap.pk for swap in swaps]).update(told_at=at)
    return len(swaps)


def _notices(swap: Swap, at: datetime) -> Sequence[Delivery]:
    ways = (leader(person) for person in _others(swap, at))
    row = swap.rotation
    return [
        Delivery(
            lane=Lane.NOTICE, topic=f"swap:{swap.pk}", step="asked", recipient_id=way.user_id,
            recipient_name=way.name, language=way.language, channel=way.channel,
            address=way.address, template="swap", created_at=at, due_at=at,
            context={
                "name": swap.asked_by.name,
                "rotation": in_language(row.name_ko, row.name_en, way.language),
                "starts_at": swap.starts_at.isoformat(),
                "ends_at": swap.ends_at.isoformat(),
                "reason": swap.reason,
                "page": f"{settings.BASE_URL}/on-call/",
            },
        )
        for way in ways
        if way
    ]  # fmt: skip


def _others(swap: Swap, at: datetime) -> Iterable[User]:
    team = Team.objects.prefetch_related(*CONTACTS).get(pk=swap.rotation.team_id)
    people = {person.pk: person for person in team.members.all()}
    for roster in rosters_at(at, only=[swap.rotation_id]):
        people |= roster.people
    return [p for p in people.values() if p.is_active and p.pk != swap.asked_by_id]
