"""Who is told at once, as the row of a severity says: the page and the messages come from one rule."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.models import SeverityPolicy, StakeholderRule
from incidents.screens.told import told
from incidents.services.opening import Draft, open_all
from incidents.services.policies import read_book
from notifications.models import Delivery, Lane, State
from notifications.rendering import render
from teams.models import Service, User
from tests.incidents.conftest import START, after, kinds, last_event, person
from tests.incidents.messaging import messages, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def withdrawals(seeded):
    return [Service.objects.get(slug="withdrawals")]  # its owner's lead is the CTO


def heard(incident):
    rows = Delivery.objects.about(incident.topic).filter(lane=Lane.NOTICE)
    return sorted(rows.values_list("recipient__username", "channel"))


def change(incident, severity, minute, by=None):
    services.change_severity(incident, severity, by=by, at=after(minutes=minute))
    incident.refresh_from_db()


def test_a_p2_tells_the_leader_of_the_team_whose_service_it_is(declare, withdrawals):
    incident = declare("P2", services=withdrawals)

    assert heard(incident) == [("cto", "slack")]
    assert last_event(incident, "leaders_told").data == {"names": ["정유진"]}
    notice = render(Delivery.objects.get(lane=Lane.NOTICE))
    assert notice.subject == f"#{incident.number} 담당 팀과 관련된 장애예요 · 출금 지연"


def test_who_is_paged_is_not_told_besides(declare, seeded):
    incident = declare("P2", services=[Service.objects.get(slug="admin")])

    assert heard(incident) == []
    assert "leaders_told" not in kinds(incident)


def test_one_that_rises_to_it_tells_them_and_nobody_twice(declare, withdrawals, commander):
    incident = declare("P3", services=withdrawals)
    assert heard(incident) == []

    change(incident, "P2", 1, by=commander)
    change(incident, "P1", 2, by=commander)
    change(incident, "P2", 3, by=commander)
    assert heard(incident) == [("cto", "slack")]
    assert kinds(incident).count("leaders_told") == 1


def test_one_that_goes_up_unanswered_tells_them_too(declare, withdrawals):
    incident = declare("P3", services=withdrawals)
    services.escalate_due(at=after(hours=24))

    assert heard(incident) == [("cto", "slack")]


def test_an_alert_tells_them_and_what_became_of_it_is_on_the_timeline(fire):
    incident = fire(severities=["warning"])
    assert incident.severity == "P2"
    assert heard(incident) == [("cto", "slack")]

    Delivery.objects.filter(lane=Lane.NOTICE).update(state=State.SENT, sent_at=START)
    services.note_outcomes(at=after(seconds=5))
    assert last_event(incident, "page_sent").data["people"][0]["name"] == "정유진"


def test_a_leader_who_has_left_or_has_no_way_to_be_told_is_left_out(declare, withdrawals):
    User.objects.filter(username="cto").update(is_active=False)
    assert heard(declare("P2", services=withdrawals)) == []

    User.objects.filter(username="cto").update(is_active=True)
    person("cto").contacts.filter(channel__in=["slack", "email"]).delete()
    assert heard(declare("P2", services=withdrawals)) == []


def test_leaders_of_a_storm_are_told_in_a_fixed_number_of_statements(seeded):
    costs = []
    for count in (2, 20):
        drafts = [draft(f"{count}-{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            open_all(drafts, book=read_book(at=START))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def draft(title):
    owned = list(Service.objects.filter(slug="withdrawals"))
    return Draft(title, "P2", START, services=owned)


@pytest.mark.parametrize("severity", ["P0", "P1", "P2", "P3"])
def test_whom_the_page_names_is_told_and_nobody_else(declare, seeded, severity):
    names = told(SeverityPolicy.objects.all())[severity].always
    incident = declare(severity)
    tell(START)

    groups = {rule.group.slug: rule.group.name for rule in StakeholderRule.objects.all()}
    drafted = {groups[slug] for slug in messages(incident)}
    assert {name for name in groups.values() if name in names} == drafted


def test_the_rows_say_what_the_manual_says(seeded):
    said = {level: each.always for level, each in told(SeverityPolicy.objects.all()).items()}

    assert said == {
        "P0": "즉시: 경영진 · 한 시간마다 보고: 개발, 운영",
        "P1": "즉시: 경영진 · 한 시간마다 보고: 개발, 운영",
        "P2": "즉시: 팀 리더 · 한 시간마다 보고: 개발, 운영",
        "P3": "한 시간마다 보고: 운영",
    }


def test_a_rule_that_is_changed_changes_the_row(seeded, client, commander):
    StakeholderRule.objects.filter(group__slug="operations").update(at_least="P2")
    client.force_login(commander)

    assert told(SeverityPolicy.objects.all())["P3"].always == ""
    assert "즉시: 팀 리더" in client.get("/incidents/declare/").content.decode()
    page = client.get("/console/incidents/severitypolicy/P2/change/").content.decode()
    assert "즉시: 팀 리더" in page
    assert "1분 안: 고객 지원 · 승인 후: 고객" in page
