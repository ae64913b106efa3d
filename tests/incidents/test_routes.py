"""Routes at work: from the labels of an alert to its incident."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.severity import Severity
from incidents import services
from incidents.domain.reach import Kind
from incidents.models import EscalationPolicy, EscalationStep, Incident, SeverityPolicy
from incidents.services.foreseeing import pages_to_come
from incidents.services.publishing import publish
from incidents.services.reachability import find_holes
from monitoring.models import Alert, Route
from notifications.models import Delivery, Lane
from teams.models import ContactMethod, Service, Team
from tests.doors.conftest import browser, everyone
from tests.incidents.conftest import START, after, pages, person

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
DEV = {"env": "dev"}


@pytest.fixture
def route(seeded):
    def add(matchers="env=dev", **said):
        return Route.objects.create(name=f"r{Route.objects.count()}", matchers=matchers, **said)

    return add


def test_without_routes_all_is_as_the_sender_says(fire):
    incident = fire(labels=DEV)

    assert (incident.severity, Alert.objects.get().route) == ("P0", None)


def test_an_alert_that_is_only_recorded_opens_nothing_and_says_why(fire, route):
    kept = route(severity="none")

    assert fire(labels=DEV) is None
    alert = Alert.objects.get()
    assert (alert.route, alert.severity) == (kept, "P0")  # what the sender said is still there


def test_a_severity_that_was_set_holds_when_the_sender_turns_graver(fire, route):
    route(severity="P3")
    incident = fire(labels=DEV, severities=["warning"])
    fire(labels=DEV, severities=["critical"], at=after(minutes=1))

    incident.refresh_from_db()
    assert incident.severity == "P3"
    assert {channel for _, channel in pages(incident)} == {"email"}


def test_a_route_names_the_service(fire, route):
    route(service=Service.objects.get(slug="wallet"))

    assert [service.slug for service in fire(labels=DEV).services.all()] == ["wallet"]


@pytest.fixture
def apart(seeded):
    """A team of its own: one person, with somebody above."""
    team = Team.objects.create(
        slug="apart", name_ko="따로팀", name_en="Apart", lead=person("devops"),
        escalation=person("ceo"), webhook_url="https://hooks.company.com/apart",
    )  # fmt: skip
    Service.objects.filter(slug="withdrawals").update(owner=Team.objects.get(slug="p2"))
    return team


def who(incident, **query):
    return {name for name, _channel in pages(incident, **query)}


def test_the_team_of_a_route_is_called_in_place_of_the_severitys(fire, route, apart, browser):
    route(team=apart)
    incident = fire(labels=DEV, severities=["warning"])

    assert incident.routed_to == apart
    assert who(incident) == {"devops", None}  # and the machine of the team
    assert "따로팀" in browser("viewer").get(incident.get_absolute_url()).content.decode()


def test_and_in_place_of_the_owners(fire, route, apart):
    policy = EscalationPolicy.objects.create(slug="o", name_ko="o", name_en="o")
    EscalationStep.objects.create(policy=policy, owners=True)
    publish(policy, by=None, at=START)
    SeverityPolicy.objects.update(escalation=policy)
    route(team=apart)

    assert who(fire(labels=DEV)) == {"devops"}


def test_sent_up_the_graver_severitys_team_comes_too_and_who_is_above_the_team(fire, route, apart):
    route(team=apart)
    incident = fire(labels=DEV, severities=["warning"])
    graver = Severity(incident.severity).one_up
    at = incident.respond_by
    services.escalate_due(at=at)

    called = who(incident, created_at=at)
    lead = SeverityPolicy.objects.get(severity=graver).team.lead.username
    assert {"devops", "ceo", lead} <= called


def test_a_person_who_makes_it_graver_calls_the_severitys_team(fire, route, apart, commander):
    route(team=apart)
    incident = fire(labels=DEV, severities=["warning"])
    services.change_severity(incident, "P0", by=commander, at=after(minutes=1))

    assert SeverityPolicy.objects.get(severity="P0").team.lead.username in who(incident)


def test_a_graver_alert_of_the_same_route_stays_with_its_team(fire, route, apart):
    route(team=apart)
    incident = fire(labels=DEV, severities=["warning"])
    fire("k2", labels=DEV, at=after(minutes=1))

    incident.refresh_from_db()
    assert (incident.severity, who(incident)) == ("P0", {"devops", None})


def test_alerts_for_different_teams_never_share_an_incident(fire, route, apart):
    fire("k1")
    route(team=apart)
    fire("k2", labels=DEV, at=after(minutes=1))

    assert sorted(Incident.objects.values_list("routed_to__slug", flat=True), key=str) == [
        None, "apart",
    ]  # fmt: skip


def test_what_was_foreseen_for_a_team_of_a_route_is_what_happens(fire, route, apart):
    route(team=apart)
    incident = fire(labels=DEV, severities=["warning"])
    until = START + timedelta(hours=3)
    known = list(incident.services.all())
    scenes = pages_to_come(
        incident.severity, services=known, at=START, until=until, routed_to=apart.pk
    )
    promised = sorted(
        (scene.moment.at, page.name, page.channel) for scene in scenes for page in scene.pages
    )
    while incident.respond_by <= until:
        services.escalate_due(at=incident.respond_by)
        incident.refresh_from_db()

    rows = Delivery.objects.about(incident.topic).filter(lane=Lane.PAGE)
    assert sorted(rows.values_list("created_at", "recipient_name", "channel")) == promised


def test_a_route_whose_team_reaches_nobody_is_a_grave_hole(route, apart):
    ContactMethod.objects.filter(user=person("devops")).delete()
    kept = route(team=apart)

    found = {(hole.kind, hole.subject, hole.grave) for hole in find_holes(at=START)}
    assert (Kind.ROUTE, kept.pk, True) in found


def test_the_pages_show_the_team(browser, route, apart, integration, fire):
    route(team=apart, severity="P3")
    client = browser("viewer")

    tried = client.get("/alerts/routes/", {"integration": integration.pk, "labels": "env=dev"})
    asked = client.get(
        f"/on-call/what-if/?severity=P2&at={clock.now():%Y-%m-%dT%H:%M}&team={apart.pk}"
    )
    incident = fire(labels=DEV, at=clock.now())
    services.resolve(incident, by=person("commander"), at=clock.now())
    noise = client.get("/alerts/noise/")

    assert tried.content.decode().count("따로팀") == 2
    assert "hooks.company.com" not in asked.content.decode()
    assert person("devops").name in asked.content.decode()
    assert "→ 따로팀" in noise.content.decode()


def test_alerts_are_grouped_by_the_labels_of_the_route(fire, route):
    route(group_by=["host"])
    for n, host in enumerate(["a", "b", "a"]):
        fire(f"k{n}", labels=DEV | {"host": host}, at=after(minutes=n))

    assert Incident.objects.count() == 2


def test_their_order_decides_and_what_is_off_does_not_count(fire, route):
    route(severity="P3", position=3)
    route(severity="P1", position=2)
    route(severity="none", position=1, enabled=False)

    assert fire(labels=DEV).severity == "P1"


@pytest.mark.parametrize("bad", ["", "env", "env=~(", "env=~.*"])
def test_a_route_that_cannot_be_read_or_is_about_everything_is_refused(bad):
    with pytest.raises(ValidationError):
        Route(name="r", matchers=bad).full_clean()


def test_where_an_alert_would_go_is_shown_and_nothing_is_stored(browser, route, integration):
    route(severity="none")
    client, asked = browser("viewer"), {"integration": integration.pk}

    shown = client.get("/alerts/routes/", asked | {"labels": "env=dev\nseverity=critical"})
    other = client.get("/alerts/routes/", asked | {"labels": "severity=critical"})

    assert "장애를 열지 않고 보관만 해요" in shown.content.decode()
    assert "맞는 것이 없음" in other.content.decode()
    assert not Alert.objects.exists()


@pytest.mark.parametrize("labels", ["env", "=x", "", "a=1\nb"])
def test_labels_that_cannot_be_read_are_no_failure(browser, integration, labels):
    answer = browser("viewer").get(
        "/alerts/routes/", {"integration": integration.pk, "labels": labels}
    )

    assert answer.status_code == 200
