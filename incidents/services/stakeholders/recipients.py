"""The people of a group, and how each is reached: read once for a round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from teams.models import User
from teams.stakeholders import StakeholderContact


@dataclass(frozen=True)
class Recipient:
    user_id: int | None
    name: str
    language: str
    addresses: Mapping[str, str]

    @property
    def key(self) -> tuple[object, ...]:
        """Whoever is in two groups is still one reader of a digest."""
        return (self.user_id, *sorted(self.addresses.items()))


def by_group(groups: Iterable[int]) -> dict[int, list[Recipient]]:
    """Everybody of each group who has an address; two questions for people, one for contacts."""
    found: dict[int, dict[tuple[object, ...], Recipient]] = {group: {} for group in groups}
    people = User.objects.reachable().filter(stakeholder_groups__in=found).distinct()
    for user in people.prefetch_related("stakeholder_groups"):
        one = _person(user)
        for group in user.stakeholder_groups.all():
            if group.pk in found and one.addresses:
                found[group.pk][one.key] = one
    contacts = StakeholderContact.objects.filter(group__in=found, enabled=True)
    for contact in contacts.iterator(chunk_size=2000):
        one = Recipient(None, contact.name, contact.language, {contact.channel: contact.address})
        found[contact.group_id][one.key] = one
    return {group: list(members.values()) for group, members in found.items()}


def _person(user: User) -> Recipient:
    addresses = {way.channel: way.address for way in user.contacts.all() if way.enabled}
    return Recipient(user.pk, user.name, user.language, addresses)
