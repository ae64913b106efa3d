from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from incidents.domain.attendance import Attendance
from incidents.models import Assembly, Incident
from incidents.screens.room.viewer import Viewer
from incidents.screens.rows import words
from notifications.models import Delivery
from teams.domain.roles import Action

FEW: Final = 8


@dataclass(frozen=True)
class Person:
    name: str
    joined: bool
    after: str


@dataclass(frozen=True)
class Team:
    people: list[Person]
    joined: int
    first_after: str
    last_after: str
    others: int  # who came without having been paged
    can_join: bool
    can_assemble: bool
    channel: Assembly | None  # asked for; the portal's own room where it has none
    channel_url: str

    @property
    def shown(self) -> list[Person]:
        """Of a crowd only who is here; the others have their lines among the pages."""
        crowd = len(self.people) > FEW
        return [person for person in self.people if person.joined] if crowd else self.people

    @property
    def awaited(self) -> int:
        return len(self.people) - len(self.shown)


def team(incident: Incident, found: Attendance, pages: Sequence[Delivery], viewer: Viewer) -> Team:
    asked: Assembly | None = getattr(incident, "assembly", None)
    names = {page.recipient_id: page.recipient_name for page in pages}
    return Team(
        people=[
            Person(
                names.get(each.person, ""),
                each.joined_at is not None,
                words(each.took) if each.took is not None else "",
            )
            for each in found.members
        ],
        joined=found.joined,
        first_after=words(found.first_after) if found.first_after is not None else "",
        last_after=words(found.last_after) if found.last_after is not None else "",
        others=len(found.uninvited),
        can_assemble=incident.is_open and viewer.may(Action.COMMAND) and _not_asked(asked),
        channel=asked,
        channel_url=_address(asked),
        can_join=incident.is_open and viewer.may(Action.RESPOND) and not viewer.here,
    )


def _not_asked(asked: Assembly | None) -> bool:
    """Or asked in vain: it may be asked again."""
    return asked is None or (bool(asked.error) and asked.due_at is None)


def _address(asked: Assembly | None) -> str:
    """Where Slack itself leads into a channel; the sandbox has no such place."""
    real = settings.SLACK_API_URL.startswith("https://slack.com/")
    return (
        f"https://slack.com/app_redirect?channel={asked.channel}"
        if real and asked and asked.channel
        else ""
    )
