from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from core import clock
from incidents import services
from incidents.models import Incident
from teams.models import User

PEOPLE = {
    "viewer": "viewer",
    "responder": "dev1",
    "commander": "senior-dev",
    "manager": "cto",
    "administrator": "commander",
}
PASSWORD = "correct horse battery staple"
ROLES = ["anonymous", *PEOPLE]


@pytest.fixture
def everyone(seeded: None) -> dict[str, User]:
    """One person of each role; the seeds have all but a viewer."""
    User.objects.create(
        username="viewer", display_name="김구경", role="viewer", email="v@company.com"
    )
    User.objects.update(password=make_password(PASSWORD))
    found = {role: User.objects.get(username=name) for role, name in PEOPLE.items()}
    assert all(user.role == role for role, user in found.items())
    return found


@pytest.fixture
def browser(everyone: dict[str, User]) -> Callable[[str], Client]:
    """A fresh browser in which somebody of this role, or nobody, is signed in."""

    def open_(role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(everyone[role])
        return client

    return open_


@pytest.fixture
def incident(everyone: dict[str, User]) -> Incident:
    who = everyone["commander"]
    return services.declare("출금 지연", severity="P1", by=who, at=clock.now())
