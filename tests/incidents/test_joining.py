"""Who was told, who came, and how long it took: read from pages and timeline."""

import pytest
from django.test import Client

from core.errors import Refused
from incidents import services
from incidents.domain.attendance import attendance
from incidents.domain.roles import Role
from notifications.models import Delivery
from notifications.queries import pages_about
from tests.incidents.conftest import after, kinds, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("told", "deeds", "joined", "last", "uninvited"),
    [
        ({}, {}, 0, None, set()),
        ({1: 0, 2: 0}, {}, 0, None, set()),
        ({1: 0, 2: 0}, {2: 4}, 1, 4, set()),
        ({1: 0, 2: 3}, {1: 1, 2: 9}, 2, 6, set()),  # each counted from when they were told
        ({1: 5}, {1: 2}, 1, 0, set()),  # there already
        ({1: 0}, {3: 2}, 0, None, {3}),
    ],
)
def test_who_came_and_after_how_long(told, deeds, joined, last, uninvited):
    found = attendance(
        {who: after(minutes=m) for who, m in told.items()},
        {who: after(minutes=m) for who, m in deeds.items()},
    )

    assert (found.joined, found.uninvited) == (joined, uninvited)
    assert found.last_after == (None if last is None else after(minutes=last) - after())
    assert found.assembled_at == (after(minutes=min(told.values())) if told else None)


def came(incident):
    found = services.attendance_of(incident, pages_about(incident.topic))
    by_key = {user.pk: user.username for user in type(person("dev1")).objects.all()}
    return {
        by_key[each.person]: int(each.took.total_seconds() // 60)
        for each in found.members
        if each.took is not None
    }


def test_answering_taking_a_role_writing_and_saying_so_are_joining(declare):
    incident = declare("P1")  # tech-lead, dev1, dev2 and devops are paged
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    services.give_role(
        incident, Role.SCRIBE, to=person("dev2"), by=person("dev2"), at=after(minutes=2)
    )
    services.note(incident, "보고 있어요", by=person("devops"), at=after(minutes=3))
    services.join(incident, by=person("tech-lead"), at=after(minutes=4))

    assert came(incident) == {"dev1": 1, "dev2": 2, "devops": 3, "tech-lead": 4}


def test_being_given_a_role_is_not_joining(declare, commander):
    incident = declare("P1")
    services.give_role(incident, Role.SCRIBE, to=person("dev2"), by=commander, at=after(minutes=2))

    assert came(incident) == {}


def test_who_came_without_a_page_is_named_apart(declare):
    incident = declare("P1")
    services.join(incident, by=person("senior-dev"), at=after(minutes=4))

    found = services.attendance_of(incident, pages_about(incident.topic))
    assert found.joined == 0
    assert person("senior-dev").pk in found.uninvited


def test_what_was_written_down_afterwards_says_nothing_of_when_somebody_came(declare):
    incident = declare("P1")
    services.note(
        incident, "그때 봤어요", by=person("dev1"), at=after(minutes=30),
        happened_at=after(minutes=1),
    )  # fmt: skip

    assert came(incident) == {}


def test_one_joins_once_and_not_what_is_over(declare, commander):
    incident = declare("P1")
    for minutes in (1, 2):
        services.join(incident, by=person("dev1"), at=after(minutes=minutes))
    assert kinds(incident).count("joined") == 1

    services.resolve(incident, by=commander, at=after(minutes=3))
    with pytest.raises(Refused):
        services.join(incident, by=person("dev2"), at=after(minutes=4))


def test_the_room_says_how_many_came_and_offers_to_join(declare):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=4))
    client = Client()
    client.force_login(person("devops"))

    shown = client.get(incident.get_absolute_url()).content.decode()
    told = len(set(Delivery.objects.values_list("recipient", flat=True)) - {None})
    assert f"{told}명 중 1명 합류" in shown
    client.post(f"{incident.get_absolute_url()}join/")
    shown = client.get(incident.get_absolute_url()).content.decode()
    assert f"{told}명 중 2명 합류" in shown
    assert "합류할게요" not in shown
