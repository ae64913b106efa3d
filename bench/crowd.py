"""People for a load, made inside one process of the product by its own services.

`python -m bench.crowd responders 50` answers with their services and API tokens,
`python -m bench.crowd viewers 200` with the cookies of their sessions, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

SEVERITY = "P2"
TEAM = 5  # people of one, who own one service
FIRST_DAY, HANDOVER = date(2026, 1, 5), time(9)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django  # noqa: PLC0415 - the settings are read when the environment is complete

    django.setup()
    kind, count = sys.argv[1:]
    make: dict[str, Callable[[int], dict[str, Any]]] = {
        "responders": responders,
        "viewers": viewers,
    }
    json.dump(make[kind](int(count)), sys.stdout)


def viewers(count: int) -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    cookies = []
    for person in _people("viewer", count):
        client = Client()
        client.force_login(person)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={key}")
    return {"cookies": cookies}


def responders(count: int) -> dict[str, Any]:
    """In teams that own a service each, have a rotation, and are all called by the policy's step."""
    from teams.services import new_api_token  # noqa: PLC0415

    people = _people("responder", count)
    teams = [people[start : start + TEAM] for start in range(0, count, TEAM)]
    services = [_team(place, members) for place, members in enumerate(teams)]
    _policy()
    tokens = [new_api_token(person, name="bench", scope="write") for person in people]
    return {"services": services, "tokens": tokens}


def _people(role: str, count: int) -> list[Any]:
    from core import clock  # noqa: PLC0415
    from teams.models import ContactMethod, User  # noqa: PLC0415

    people = User.objects.bulk_create(
        User(
            username=f"bench-{role}-{number}",
            display_name=f"{role} {number}",
            role=role,
            email=f"{role}-{number}@bench.example",
            password="!",  # noqa: S106 - nobody signs in by one
        )
        for number in range(count)
    )
    ContactMethod.objects.bulk_create(
        ContactMethod(user=person, channel=channel, address=address, verified_at=clock.now())
        for person in people
        for channel, address in (("email", person.email), ("slack", f"UBENCH{person.pk:05}"))
    )
    return people


def _team(place: int, members: list[Any]) -> str:
    from teams.models import Service, Team  # noqa: PLC0415
    from teams.rotations import Layer, LayerMember, Rotation  # noqa: PLC0415

    slug = f"bench-{place}"
    names = {"slug": slug, "name_ko": slug, "name_en": slug}
    team = Team.objects.create(**names, lead=members[0], escalation=members[0])
    team.members.set(members)
    Service.objects.create(**names, owner=team)
    rotation = Rotation.objects.create(**names, team=team, place=100 + place)
    layer = Layer.objects.create(rotation=rotation, first_day=FIRST_DAY, handover=HANDOVER)
    LayerMember.objects.bulk_create(
        LayerMember(layer=layer, place=turn, user=person) for turn, person in enumerate(members)
    )
    return slug


def _policy() -> None:
    """The owners, and ten minutes later again."""
    from core import clock  # noqa: PLC0415
    from incidents.models import (  # noqa: PLC0415
        EscalationPolicy,
        EscalationStep,
        SeverityPolicy,
    )
    from incidents.services.publishing import publish  # noqa: PLC0415

    names = {"slug": "bench", "name_ko": "bench", "name_en": "bench"}
    policy = EscalationPolicy.objects.create(**names, repeats=1)
    EscalationStep.objects.create(policy=policy, place=0, wait=timedelta(minutes=10), owners=True)
    publish(policy, by=None, at=clock.now())
    SeverityPolicy.objects.filter(severity=SEVERITY).update(escalation=policy)


if __name__ == "__main__":
    main()
