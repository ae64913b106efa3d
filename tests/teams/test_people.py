import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from core import clock
from incidents import services
from teams.domain.roles import Action
from teams.models import ContactMethod, Service, User
from teams.queries import services_named

pytestmark = pytest.mark.django_db


def test_who_left_may_nothing_whatever_their_role(commander):
    commander.is_active = False

    assert not any(commander.may(action) for action in Action)


def test_a_role_nobody_knows_may_nothing():
    user = User.objects.create(username="x", role="owner")

    assert not any(user.may(action) for action in Action)
    assert not user.is_superuser


def test_a_new_person_may_only_look():
    user = User.objects.create(username="x")

    assert [action for action in Action if user.may(action)] == [Action.READ]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "KST", "../etc/passwd"])
def test_a_time_zone_nobody_has_is_refused(zone):
    with pytest.raises(ValidationError):
        User(username="x", password="p", time_zone=zone).full_clean()


def test_a_person_has_one_address_a_channel(seeded):
    dev = User.objects.get(username="dev1")

    with pytest.raises(IntegrityError, match="one_address_a_channel"), transaction.atomic():
        ContactMethod.objects.create(user=dev, channel="sms", address="+82")
    ContactMethod.objects.create(user=dev, channel="sms", address="+82", enabled=False)


def test_an_address_that_was_switched_off_is_not_paged(seeded, commander):
    ContactMethod.objects.filter(channel="email").update(enabled=False)
    incident = services.declare("t", severity="P1", by=commander, at=clock.now())

    names = {
        way
        for person in incident.timeline.get(kind="paged").data["people"]
        for way in person["channels"]
    }
    assert names == {"sms", "slack"}


def test_a_person_reads_times_where_they_are(commander):
    incident = services.declare("t", severity="P1", by=commander, at=clock.now())
    browser = Client()
    browser.force_login(commander)
    seen = set()
    for zone in ("Asia/Seoul", "America/New_York"):
        User.objects.filter(pk=commander.pk).update(time_zone=zone)
        page = browser.get(incident.get_absolute_url()).content.decode()
        seen.add(page.count("</time>") and page[page.index("<time") : page.index("</time>")])

    assert len(seen) == 2


@pytest.mark.parametrize("name", ["출금", "Withdrawals", "withdrawals", " withdrawals "])
def test_a_service_is_found_by_each_of_its_names(seeded, name):
    assert services_named([name])[name].slug == "withdrawals"
    assert not Service.objects.filter(discovered=True).exists()


def test_names_that_mean_the_same_are_one_service(seeded):
    found = services_named(["Hot Wallet", "hot wallet", "hot-wallet"])

    assert len({service.pk for service in found.values()}) == 1


def test_naming_a_service_again_adds_nothing(seeded):
    services_named(["batch"])
    services_named(["batch"])

    assert Service.objects.filter(discovered=True).count() == 1


def test_no_names_are_no_services(seeded, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert services_named([]) == {}
