"""Alerts that called people for nothing, and what would help."""

from datetime import timedelta

import pytest

from core import clock
from incidents import services
from incidents.domain.noise import Remedy, Tally
from incidents.models import Incident, LinkedAlert
from incidents.screens.noise import report
from monitoring import services as alerts
from monitoring.domain.matching import read_lines
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost
from tests.incidents.conftest import START, after

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db


def tally(**said):
    usual = {"alerts": 10, "idle": 10, "quick": 0, "flapping": 0, "silenced": 0}
    return Tally(name="Stuck", integration="probe", **(usual | said))


def lines(at=None):
    found = report(at=at or after(hours=1)).lines
    return {line.tally.name: (line.tally.idle, line.tally.alerts) for line in found}


@pytest.fixture
def blip(fire):
    """Fires and ends a minute later; its incident."""

    def send(key="k1", *, at=START, **said):
        incident = fire(key, at=at, **said)
        fire(key, resolved=True, at=at + timedelta(minutes=1), **said)
        return incident

    return send


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ({}, Remedy.LOWER),
        ({"idle": 2, "alerts": 2}, Remedy.NONE),  # too few to judge
        ({"idle": 4}, Remedy.NONE),  # mostly useful
        ({"flapping": 2, "quick": 10}, Remedy.DAMP),
        ({"silenced": 3, "quick": 10}, Remedy.UNROUTE),
        ({"quick": 5}, Remedy.WAIT),
        ({"idle": 0, "alerts": 0}, Remedy.NONE),
    ],
)
def test_what_would_help(said, remedy):
    assert tally(**said).remedy == remedy


def test_what_nobody_touched_is_noise(blip):
    blip(group="Stuck")

    assert lines() == {"Stuck": (1, 1)}
    assert report(at=after(hours=1)).lines[0].tally.quick == 1


@pytest.mark.parametrize("deed", ["acknowledge", "note", "change_severity"])
def test_what_a_person_acted_on_is_not(blip, commander, deed):
    incident, said = blip(group="Stuck"), {"by": commander, "at": after(minutes=2)}
    more = {"note": {"text": "봤어요"}, "change_severity": {"severity": "P3"}}
    given = more.get(deed, {})
    if deed == "note":
        services.note(incident, given["text"], **said)
    elif deed == "change_severity":
        services.change_severity(incident, given["severity"], **said)
    else:
        services.acknowledge(incident, **said)

    assert lines() == {}


def test_what_was_only_cleared_away_is_noise(fire, commander):
    services.resolve(fire(group="Stuck"), by=commander, at=after(minutes=5))

    assert lines() == {"Stuck": (1, 1)}


def test_what_opened_no_incident_is_noise_and_a_silence_is_counted(fire, integration):
    alerts.silence(
        read_lines("alertname=Stuck"), starts_at=START, ends_at=after(minutes=60),
        created_by="김", at=START,
    )  # fmt: skip
    fire(group="Stuck", at=after(minutes=1))

    assert report(at=after(hours=1)).lines[0].tally.silenced == 1


def test_what_still_fires_in_an_incident_is_not_judged_yet(fire):
    fire(group="Stuck")

    assert lines() == {}


def test_alerts_older_than_the_time_looked_at_do_not_count(blip):
    blip(group="Stuck")

    assert lines(START + timedelta(days=29)) == {"Stuck": (1, 1)}
    assert lines(START + timedelta(days=31)) == {}


def test_the_worst_come_first_and_the_share_is_of_all(blip, commander):
    for n in range(3):
        blip(f"a{n}", group="Worse", title="w", at=after(minutes=n))
    blip("b", group="Bad", title="b")
    services.acknowledge(blip("c", group="Good", title="g"), by=commander, at=after(minutes=2))

    found = report(at=after(hours=1))

    assert [line.tally.name for line in found.lines] == ["Worse", "Bad"]
    assert (found.idle, found.alerts, found.share) == (4, 5, 80)


def test_an_alert_without_a_group_goes_by_its_title(blip):
    blip(group="")

    assert list(lines()) == ["출금 중단"]


def test_the_page_shows_it_with_what_would_help_at_a_constant_cost(browser, blip):
    client = browser("viewer")
    assert "소음이 없어요" in client.get("/alerts/noise/").content.decode()
    few = cost(client, "/alerts/noise/")
    for n in range(40):
        blip(f"k{n}", group=f"g{n % 5}", title=f"t{n % 5}", at=clock.now())

    shown = client.get("/alerts/noise/").content.decode()

    assert "40건 중 40건" in shown
    assert "저절로 해소돼요" in shown
    assert cost(client, "/alerts/noise/") - few <= 1


def test_the_sums_are_of_all_and_not_only_of_the_worst_that_are_shown(blip, commander, monkeypatch):
    monkeypatch.setattr("incidents.screens.noise.SHOWN", 1)
    for n in range(2):
        blip(f"a{n}", group="Worse", title="w", at=after(minutes=n))
    blip("b", group="Bad", title="b")
    services.acknowledge(blip("c", group="Good", title="g"), by=commander, at=after(minutes=2))

    found = report(at=after(hours=1))

    assert [line.tally.name for line in found.lines] == ["Worse"]
    assert (found.idle, found.alerts) == (3, 4)


def test_an_alert_that_joined_an_old_incident_counts_as_what_people_did_with_it(blip, commander):
    services.acknowledge(blip("k0", group="Stuck"), by=commander, at=after(minutes=2))
    late = START + timedelta(days=100)
    mine = blip("k1", group="Stuck", at=late)
    assert lines(late + timedelta(hours=1)) == {"Stuck": (1, 1)}
    LinkedAlert.objects.filter(incident=mine).update(incident=Incident.objects.earliest("number"))

    assert lines(late + timedelta(hours=1)) == {}


def test_the_alerts_are_read_once(blip, django_assert_num_queries):
    blip(group="Stuck")
    with django_assert_num_queries(1):
        report(at=after(hours=1))
