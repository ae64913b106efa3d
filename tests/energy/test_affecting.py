"""Whoever waits for a withdrawal that we hold is to read so on the status page."""

import pytest

from core import clock
from energy.models import Response, Wallet
from incidents.models import Incident
from incidents.services import correct
from runbooks.domain.actions import Mode
from statuspage.models import Affected, Component
from statuspage.services import follow
from teams.models import Service
from tests.energy.shortage import drained, only, reported, told
from tests.energy.ticks import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paid(shop):
    paid = Service.objects.get(slug="withdrawals")
    Wallet.objects.filter(pk=shop.hot.pk).update(pays=paid)
    return paid


def names(incident):
    return {one.slug for one in incident.services.all()}


def test_customers_are_told_of_withdrawals_that_are_held_and_of_their_going_again(shop, paid):
    reported(drained(shop, 0.5))
    incident = Incident.objects.get()
    until(lambda: names(incident) == {"energy", "withdrawals"})
    follow(at=clock.database_now())
    component = Component.objects.get(services=paid)
    assert Affected.objects.get(component=component).state == "major_outage"
    assert incident.timeline.filter(kind="corrected", actor_user=None).count() == 1

    until(lambda: Response.objects.filter(ended_at__isnull=False).exists())
    follow(at=clock.database_now())

    assert names(incident) == {"energy"}
    assert Affected.objects.get(component=component).state == "operational"
    assert told(incident).count("relieved") == 1


def test_what_is_only_decided_holds_nobody_up(shop, paid):
    only(shop, withdrawals__pause=Mode.SHADOW)
    reported(drained(shop, 0.5))

    assert names(Incident.objects.get()) == {"energy"}


def test_what_a_person_says_of_it_stays(shop, paid, commander):
    reported(drained(shop, 0.5))
    incident = Incident.objects.get()
    until(lambda: paid in incident.services.all())
    correct(
        incident,
        by=commander,
        at=clock.database_now(),
        services=[Service.objects.get(slug="energy")],
    )

    until(lambda: Response.objects.filter(ended_at__isnull=False).exists())

    assert names(incident) == {"energy"}
    assert "relieved" not in told(incident)
