"""Who was told of an incident, who came, and how long that took."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Member:
    person: int
    told_at: datetime
    joined_at: datetime | None

    @property
    def took(self) -> timedelta | None:
        """Whoever was there before they were told took no time."""
        if self.joined_at is None:
            return None
        return max(self.joined_at - self.told_at, timedelta())


@dataclass(frozen=True)
class Attendance:
    members: tuple[Member, ...]  # who were told; whoever came first stands first
    uninvited: frozenset[int]  # who came without having been told

    @property
    def joined(self) -> int:
        return sum(member.joined_at is not None for member in self.members)

    @property
    def assembled_at(self) -> datetime | None:
        """When the first of them was told."""
        return min((member.told_at for member in self.members), default=None)

    @property
    def first_after(self) -> timedelta | None:
        return min(
            (member.took for member in self.members if member.took is not None), default=None
        )

    @property
    def last_after(self) -> timedelta | None:
        return max(
            (member.took for member in self.members if member.took is not None), default=None
        )


def attendance(told: Mapping[int, datetime], deeds: Mapping[int, datetime]) -> Attendance:
    """From when each person was told, and when each first did something in the incident."""
    members = [Member(person, at, deeds.get(person)) for person, at in told.items()]
    members.sort(key=lambda each: (each.joined_at is None, each.joined_at or each.told_at))
    return Attendance(tuple(members), frozenset(deeds) - frozenset(told))
