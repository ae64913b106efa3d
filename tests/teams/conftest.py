from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client

from core import clock
from teams.models import Team, User
from teams.oncall import AHEAD, rosters
from teams.rotations import Layer, LayerMember, Rotation

SEOUL = "+09:00"


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}{SEOUL}")


def person(username: str) -> User:
    return User.objects.get(username=username)


def two_hours_of(username: str, rotation: Rotation) -> tuple[datetime, datetime]:
    """Within the next turn of this person that has not begun."""
    at = clock.now()
    (roster,) = rosters(at, at + AHEAD, only=[rotation.pk])
    turns = roster.turns(at, at + AHEAD)
    start = next(
        turn.start for turn in turns if turn.person.username == username and turn.start > at
    )
    return start + timedelta(hours=1), start + timedelta(hours=3)


@pytest.fixture
def rotation(seeded: None) -> Rotation:
    """dev1, dev2, devops by the week, from Monday 5 January 2026 at nine in Seoul."""
    return Rotation.objects.get(slug="first")


@pytest.fixture
def make_rotation(seeded: None) -> Callable[..., Rotation]:
    def make(slug: str, *people: str, team: str = "p3", **layer: object) -> Rotation:
        row = Rotation.objects.create(
            slug=slug, name_ko=slug, name_en=slug, team=Team.objects.get(slug=team), place=9
        )
        usual = {"first_day": date(2026, 1, 5), "handover": time(9)}
        made = Layer.objects.create(rotation=row, **(usual | layer))
        for place, name in enumerate(people):
            LayerMember.objects.create(layer=made, place=place, user=person(name))
        return row

    return make


@pytest.fixture
def browse() -> Callable[[str], Client]:
    def open_(username: str) -> Client:
        client = Client()
        client.force_login(person(username))
        return client

    return open_
