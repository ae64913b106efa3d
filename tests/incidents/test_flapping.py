"""An alert that comes and goes is one trouble: paged once, open until it has been calm."""

from datetime import timedelta

import pytest

from incidents import services
from incidents.models import Incident
from incidents.narration import narrate
from monitoring import services as alerts
from monitoring.domain.flapping import flaps
from monitoring.models import Alert, Integration
from tests.incidents.conftest import START, after, kinds, last_event, pages

pytestmark = pytest.mark.django_db


def pass_to(at):
    alerts.settle_due(at=at)
    while services.take_in(at=at):
        pass


@pytest.fixture
def flap(fire):
    """Fires and ends, so many times, two minutes each; the incident as it is then."""

    def run(times, *, start=0):
        for n in range(start, start + times):
            fire(at=after(minutes=2 * n))
            fire(resolved=True, at=after(minutes=2 * n + 1))
        return Incident.objects.order_by("-number").first()

    return run


@pytest.mark.parametrize(
    ("ends", "count", "found"),
    [
        ([], 4, 0),
        ([0, 5, 10], 4, 0),
        ([0, 5, 10, 15], 4, 4),
        ([-1, 5, 10, 15], 4, 0),  # the first is too old
        ([1, 2, 3, 4, 5, 6], 4, 6),
        ([0, 5, 10, 15, 16], 4, 4),  # what is still to come does not count
        ([1, 2, 3, 4], 0, 0),
    ],
)
def test_so_many_ends_in_so_much_time_are_flapping(ends, count, found):
    times = [START + timedelta(minutes=end) for end in ends]
    now, within = START + timedelta(minutes=15), timedelta(minutes=15)

    assert flaps(times, at=now, count=count, within=within) == found


def test_three_times_is_not_flapping_yet(flap):
    incident = flap(3)

    assert incident.resolution_proposed_at
    assert "flapping" not in kinds(incident)


def test_the_fourth_end_is_not_proposed_and_is_said_once_with_numbers(flap):
    incident = flap(6)

    assert incident.resolution_proposed_at is None
    assert kinds(incident).count("flapping") == 1
    said = last_event(incident, "flapping")
    assert (said.data["count"], said.data["minutes"]) == (4, 15)
    assert "4" in narrate(said)


def test_nobody_is_paged_again(flap):
    told_once = pages(flap(1))

    incident = flap(7, start=1)

    assert Incident.objects.count() == 1
    assert pages(incident) == told_once


def test_where_incidents_end_by_themselves_a_flapping_one_stays_open(flap):
    Integration.objects.update(auto_resolve=True)
    flap(4)
    made = Incident.objects.count()

    incident = flap(4, start=4)

    assert Incident.objects.count() == made  # not one for each time it comes back
    assert incident.status == "triggered"


@pytest.mark.parametrize("auto", [True, False])
def test_when_it_has_been_calm_for_as_long_the_incident_may_end(flap, auto):
    incident = flap(4)
    Integration.objects.update(auto_resolve=auto)
    last = Alert.objects.latest("resolved_at").resolved_at
    pass_to(last + timedelta(minutes=14))
    incident.refresh_from_db()
    assert (incident.status, incident.resolution_proposed_at) == ("triggered", None)

    pass_to(last + timedelta(minutes=15))

    incident.refresh_from_db()
    assert (incident.status == "resolved") is auto
    assert bool(incident.resolution_proposed_at) is not auto
    assert kinds(incident).count("alert_resolved") == 4  # its end is not told twice


def test_while_it_fires_again_its_incident_does_not_end(flap, fire):
    incident = flap(4)
    fire(at=after(minutes=9))

    pass_to(after(minutes=60))

    incident.refresh_from_db()
    assert (incident.status, incident.resolution_proposed_at) == ("triggered", None)


def test_the_end_of_another_alert_does_not_end_it_either(flap, fire):
    incident = flap(4)
    fire("other", at=after(minutes=8))
    fire("other", resolved=True, at=after(minutes=9))

    incident.refresh_from_db()
    assert incident.resolution_proposed_at is None


def test_a_sender_may_be_told_to_take_no_notice(flap):
    Integration.objects.update(flap_count=0)

    assert flap(6).resolution_proposed_at


def test_settling_twice_does_it_once(flap):
    flap(4)

    pass_to(after(minutes=60))
    pass_to(after(minutes=61))

    assert not Alert.objects.filter(unread=True).exists()
    assert not Alert.objects.filter(calm_at__isnull=False).exists()
