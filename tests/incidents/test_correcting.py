"""What was taken down wrongly is put right, and what rests on it follows."""

import re

import pytest

from core.errors import Refused
from incidents import services
from incidents.models import EscalationPolicy, EscalationStep, Incident, SeverityPolicy
from incidents.narration import narrate
from incidents.services.publishing import publish
from incidents.services.stakeholders import draft_due
from notifications.models import Delivery, State
from teams.models import Service, Team, User
from tests.incidents.conftest import INCIDENTS, after, kinds, last_event, pages, person

pytestmark = pytest.mark.django_db


def service(slug):
    return Service.objects.get(slug=slug)


def correct(incident, by, minutes=1, **said):
    services.correct(incident, by=by, at=after(minutes=minutes), **said)
    return Incident.objects.get(pk=incident.pk)


@pytest.fixture
def owners_called(seeded):
    """P1 calls its team and whoever owns what is affected."""
    policy = EscalationPolicy.objects.create(slug="p1-owners", name_ko="p1", name_en="p1")
    EscalationStep.objects.create(policy=policy, severity_team=True, owners=True)
    publish(policy, by=None, at=after(minutes=-1))
    SeverityPolicy.objects.filter(severity="P1").update(escalation=policy)
    team = Team.objects.create(
        slug="dba", name_ko="DBA", name_en="DBA", lead=person("security-lead")
    )
    Service.objects.filter(slug="database").update(owner=team)


def test_a_title_and_a_description_are_put_right_and_the_timeline_says_what_they_were(
    seeded, declare, commander
):
    incident = correct(
        declare(), commander, title=" 출금 중단 ", description="모든 출금이 거절돼요"
    )

    assert (incident.title, incident.description) == ("출금 중단", "모든 출금이 거절돼요")
    told = narrate(last_event(incident, "corrected"))
    assert "“출금 지연” → “출금 중단”" in told
    assert "모든 출금이 거절돼요" in told


def test_what_is_as_it_was_is_no_correction(declare, commander):
    incident = declare()
    correct(incident, commander, title=incident.title, services=[], description="")

    assert "corrected" not in kinds(incident)


def test_an_incident_keeps_a_title(declare, commander):
    with pytest.raises(Refused):
        correct(declare(), commander, title="  ")


@pytest.mark.parametrize("minutes", [1, -60 * 24 * 8])
def test_it_cannot_have_begun_after_it_was_noticed_nor_long_ago(declare, commander, minutes):
    with pytest.raises(Refused):
        correct(declare(), commander, started_at=after(minutes=minutes))


def test_when_it_began_is_said(declare, commander):
    incident = correct(declare(), commander, started_at=after(minutes=-20))

    assert incident.started_at == after(minutes=-20)
    assert "11:40" in narrate(last_event(incident, "corrected"))


def test_whoever_owns_a_service_that_is_affected_too_is_paged_once(
    owners_called, declare, commander
):
    incident = declare()
    before = pages(incident)
    Delivery.objects.undone().update(state=State.SENT, sent_at=after(seconds=30))
    for _ in range(2):
        correct(incident, commander, services=[service("database")])

    new = pages(incident, state=State.PENDING)
    assert {name for name, _ in new} == {"security-lead"}
    assert not new & before
    assert last_event(incident, "paged").data["why"] == "corrected"


def test_nobody_is_paged_for_what_is_only_being_cleaned_up(owners_called, declare, commander):
    incident = declare(services=[service("withdrawals")])
    services.acknowledge(incident, by=commander, at=after(seconds=10))
    services.mitigate(incident, by=commander, at=after(seconds=20))
    before = pages(incident)
    correct(incident, commander, services=[service("database")])

    assert pages(incident) == before


def test_what_is_over_is_corrected_without_telling_anybody(declare, commander):
    incident = declare()
    services.resolve(incident, by=commander, at=after(seconds=10))
    sent = Delivery.objects.count()
    incident = correct(incident, commander, services=[service("withdrawals")])

    assert [each.slug for each in incident.services.all()] == ["withdrawals"]
    assert Delivery.objects.count() == sent
    assert not incident.customer_impact


def test_a_service_customers_use_means_that_they_feel_it(declare, commander):
    incident = correct(declare(), commander, services=[service("withdrawals")])

    assert incident.customer_impact
    assert kinds(incident).count("customer_impact") == 1


def test_whoever_said_that_customers_feel_nothing_is_believed(declare, commander):
    incident = declare(services=[service("withdrawals")])
    services.stakeholders.customer_impact(incident, False, by=commander, at=after(seconds=9))
    incident = correct(incident, commander, services=[service("withdrawals"), service("web")])

    assert not incident.customer_impact


def test_a_draft_for_customers_names_the_right_service(declare, commander):
    incident = declare(services=[service("web")])
    while draft_due(at=after(seconds=5)):
        pass
    [draft] = incident.messages.drafts()
    told = set(incident.messages.exclude(pk=draft.pk).values_list("pk", flat=True))
    correct(incident, commander, services=[service("withdrawals")])
    while draft_due(at=after(minutes=2)):
        pass

    assert "출금" in incident.messages.get(pk=draft.pk).body_ko
    known = incident.messages.filter(pk__in=told).values_list("group", flat=True)
    again = incident.messages.exclude(pk__in=told).filter(group__in=known)
    assert told
    assert not again.exists()  # whoever was told is not told again


def test_a_reader_of_the_room_sees_what_the_declarer_saw(declare, client, commander):
    incident = declare(description="모든 출금이 거절돼요")
    client.force_login(person("dev1"))

    assert "모든 출금이 거절돼요" in client.get(incident.get_absolute_url()).content.decode()


def test_two_who_correct_at_once_do_not_undo_each_other(declare, client, commander):
    incident = declare(services=[service("web")])
    client.force_login(person("dev1"))
    address = f"/incidents/{incident.number}/correct/"
    shown = client.get(address).context["form"]
    correct(incident, commander, title="출금 중단")
    said = {
        "title": shown["title"].initial, "initial-title": shown["title"].initial,
        "services": [service("withdrawals").pk], "initial-services": [service("web").pk],
        "description": "", "initial-description": "", "started_at": "", "initial-started_at": "",
    }  # fmt: skip

    assert client.post(address, said).status_code == 302
    incident.refresh_from_db()
    assert incident.title == "출금 중단"
    assert [each.slug for each in incident.services.all()] == ["withdrawals"]


def test_the_form_as_it_was_shown_corrects_nothing(declare, client, commander):
    incident = correct(declare(services=[service("web")]), commander, started_at=after(minutes=-3))
    client.force_login(person("dev1"))
    address = f"/incidents/{incident.number}/correct/"
    found = _filled(client.get(address).content.decode())

    assert {"initial-started_at", "initial-services", "title"} <= found.keys()
    client.post(address, found)
    assert kinds(incident).count("corrected") == 1


def _filled(page):
    said = {}
    for tag in re.findall(r"<input[^>]*>", page.split('action="/incidents/')[-1]):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attributes.get("type") != "checkbox" or " checked" in tag:
            said.setdefault(attributes.get("name"), []).append(attributes.get("value", ""))
    return said


def test_a_viewer_corrects_nothing(declare, client):
    incident = declare()
    client.force_login(User.objects.create(username="viewer", role="viewer"))
    address = f"/incidents/{incident.number}/correct/"

    assert client.post(address, {"title": "아무거나"}).status_code == 403
    assert address not in client.get(incident.get_absolute_url()).content.decode()


def test_a_program_corrects_only_what_it_names(declare, api):
    incident = declare(services=[service("web")])
    answer = api.patch(
        f"{INCIDENTS}{incident.number}/",
        {"title": "출금 중단"},
        content_type="application/json",
    )

    assert (answer.status_code, answer.json()["title"]) == (200, "출금 중단")
    assert answer.json()["services"] == ["web"]
