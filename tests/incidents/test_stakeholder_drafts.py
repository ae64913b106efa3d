"""What the rules make of what happens to an incident."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from incidents import services, tasks
from incidents.domain.stakeholders import GATHER, STORM
from incidents.models import Incident, Occasion, SeverityPolicy, StakeholderMessage, StakeholderRule
from incidents.services import stakeholders
from teams.models import Service
from tests.incidents.conftest import START, after, kinds, last_event, person
from tests.incidents.messaging import MINE, message, messages, tell
from tests.race import at_once

pytestmark = pytest.mark.django_db


def test_a_p1_that_customers_feel_tells_management_and_waits_for_the_rest(felt):
    incident = felt("P1")

    assert messages(incident) == {
        "management": "approved", "support": "approved", "engineering": "approved",
        "operations": "approved", "customers": "draft", "partners": "draft",
    }  # fmt: skip
    assert message(incident, "management").urgency == "immediate"


@pytest.mark.parametrize(
    ("severity", "services", "groups"),
    [
        ("P0", ["database"], {"management", "engineering", "operations", "vendors"}),
        ("P2", ["web"], {"support", "engineering", "operations", "customers"}),
        ("P3", ["admin"], {"operations"}),
        ("P3", [], {"operations"}),
        ("P2", ["api"], {"support", "engineering", "operations", "customers"}),
    ],
)
def test_who_hears_follows_the_severity_and_the_services(felt, severity, services, groups):
    assert set(messages(felt(severity, services))) == groups


def test_the_text_has_the_facts_in_both_languages(felt):
    told = message(felt("P1"), "management")

    assert told.subject_ko == f"[P1 높음] 장애 #{told.incident_id} 출금 지연"
    assert "영향 서비스: 출금" in told.body_ko
    assert "Services affected: Withdrawals" in told.body_en
    assert "23 Nov, 13:00 (KST)" in told.body_en  # the next report, an hour on


def test_a_fact_is_written_with_the_incident_and_asked_about_once(declare):
    declare("P1")
    assert Occasion.objects.count() == 1

    assert [stakeholders.draft_due(at=START) for _ in range(2)] == [1, 0]
    assert Occasion.objects.count() == 0


def test_two_ticks_at_once_draft_once(transactional_db, seeded, declare):
    incident = declare("P1")

    at_once(lambda: stakeholders.draft_due(at=START), lambda: stakeholders.draft_due(at=START))

    stakeholders.draft_due(at=START)
    assert StakeholderMessage.objects.filter(incident=incident).count() == 3


def test_whoever_drafts_waits_for_another_who_does_and_counts_what_that_one_let_go(
    transactional_db, seeded, declare
):
    for _ in range(STORM):
        declare("P1")
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assert stakeholders.draft_due(at=START) == STORM
            late = other.submit(_opens_and_drafts)
            while not late.done() and not _somebody_waits():
                time.sleep(0.01)
            assert not late.done()
        assert late.result() == 1

    last = StakeholderMessage.objects.filter(group__slug="management").latest("incident_id")
    assert last.goes_at == START + GATHER


def _opens_and_drafts():
    try:
        services.declare("입금 지연", severity="P1", by=person("cto"), at=START)
        return stakeholders.draft_due(at=START)
    finally:
        connection.close()


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
        )
        return cursor.fetchone()[0]


def test_graver_than_before_management_hears_of_it(felt):
    incident = felt("P2", ["admin"])
    assert "management" not in messages(incident)

    services.change_severity(incident, "P1", by=person("cto"), at=after(minutes=5))
    tell(after(minutes=5))

    assert messages(incident)["management"] == "approved"


def test_who_heard_of_the_graver_one_hears_that_it_is_milder(felt):
    incident = felt("P1")
    services.change_severity(incident, "P3", by=person("cto"), at=after(minutes=5))
    tell(after(minutes=5))

    told = StakeholderMessage.objects.filter(incident=incident, group__slug="management")
    assert [one.subject_ko[:5] for one in told.order_by("drafted_at")] == ["[P1 높", "[P3 낮"]


def test_a_draft_nobody_touched_follows_the_facts(felt):
    incident = felt("P2", ["api"])
    Incident.objects.filter(pk=incident.pk).update(customer_impact=False)
    incident.refresh_from_db()
    stakeholders.customer_impact(incident, True, by=person("cto"), at=after(hours=1))
    before = message(incident, "customers")
    tell(after(hours=1))

    draft = message(incident, "customers")
    assert "11월 23일 17:00 (KST)" in draft.body_ko  # four hours from then
    assert draft.version == before.version + 1


def test_a_draft_that_a_person_changed_is_left_alone(felt):
    incident = felt("P2", ["api"])
    draft = message(incident, "customers")
    stakeholders.revise(draft, MINE, version=1, by=person("cto"))
    Incident.objects.filter(pk=incident.pk).update(customer_impact=False)
    incident.refresh_from_db()
    stakeholders.customer_impact(incident, True, by=person("cto"), at=after(hours=1))
    tell(after(hours=1))

    assert message(incident, "customers").texts == MINE


def test_the_end_withdraws_what_says_that_it_goes_on(felt):
    incident = felt("P1")
    services.resolve(incident, by=person("cto"), at=after(minutes=9))
    tell(after(minutes=9))

    assert messages(incident, event="opened")["customers"] == "withdrawn"
    assert last_event(incident, "message_withdrawn").data["why"] == "resolved"


def test_only_who_was_told_of_it_is_told_that_it_is_over(felt):
    incident = felt("P1")
    services.resolve(incident, by=person("cto"), at=after(minutes=9))
    tell(after(minutes=9))

    over = messages(incident, event="resolved")
    assert set(over) == {"management", "support", "engineering", "operations"}


def test_once_customers_were_told_the_news_of_the_end_waits_for_approval(felt):
    incident = felt("P1")
    draft = message(incident, "customers")
    stakeholders.approve(draft, version=1, by=person("cto"), at=after(minutes=2))
    services.resolve(incident, by=person("cto"), at=after(minutes=9))
    tell(after(minutes=9))

    assert messages(incident, event="resolved")["customers"] == "draft"


def test_it_came_back_so_the_news_of_its_end_is_withdrawn(felt):
    incident = felt("P1")
    stakeholders.approve(
        message(incident, "customers"), version=1, by=person("cto"), at=after(minutes=2)
    )
    services.resolve(incident, by=person("cto"), at=after(minutes=9))
    tell(after(minutes=9))
    services.reopen(incident, by=person("cto"), at=after(minutes=12))
    tell(after(minutes=12))

    assert messages(incident, event="resolved")["customers"] == "withdrawn"
    assert StakeholderMessage.objects.drafts().filter(event="opened").count() == 2


def test_over_before_anybody_was_told_nobody_is_told(declare):
    incident = declare("P0")
    services.resolve(incident, by=person("cto"), at=after(seconds=1))
    tell(after(seconds=2))

    assert messages(incident) == {}


def test_a_person_knows_better_whether_customers_feel_it(felt):
    incident = felt("P1")
    stakeholders.customer_impact(incident, False, by=person("cto"), at=after(minutes=1))
    tell(after(minutes=1))
    assert messages(incident)["customers"] == "withdrawn"

    stakeholders.customer_impact(incident, True, by=person("cto"), at=after(minutes=2))
    tell(after(minutes=2))

    assert StakeholderMessage.objects.drafts().filter(group__slug="customers").count() == 1
    assert kinds(incident).count("customer_impact") == 2


def test_a_rule_switched_off_says_nothing(declare):
    StakeholderRule.objects.update(enabled=False)
    incident = declare("P0")
    tell(START)

    assert messages(incident) == {}


def test_an_external_rule_that_was_forced_to_be_automatic_still_waits(felt):
    StakeholderRule.objects.filter(group__slug="customers").update(automatic=True)

    assert messages(felt("P1"))["customers"] == "draft"


def test_the_database_lets_nothing_leave_by_itself(felt):
    felt("P1")

    with pytest.raises(IntegrityError, match="nothing_leaves"), transaction.atomic():
        StakeholderMessage.objects.filter(external=True).update(automatic=True)


def test_rules_that_cannot_be_asked_take_no_incident_back(declare):
    incident = declare("P0")
    SeverityPolicy.objects.filter(severity="P0").delete()

    with pytest.raises(KeyError), transaction.atomic():
        tell(START)
    assert "paged" in kinds(incident)
    assert Occasion.objects.filter(incident=incident).exists()  # asked again at the next tick


def test_a_storm_is_drafted_in_a_fixed_number_of_statements(declare):
    costs = []
    for count in (3, 40):
        for _ in range(count):
            declare("P1", services=list(Service.objects.filter(slug="withdrawals")))
        with CaptureQueriesContext(connection) as queries:
            assert stakeholders.draft_due(at=START) == count
        costs.append(len(queries))

    assert costs[1] - costs[0] < 5


def test_the_tick_asks_the_rules_about_all_that_happened(declare):
    StakeholderRule.objects.update(automatic=False)  # nothing to send, so that no sender is woken
    for _ in range(2):
        declare("P1", services=list(Service.objects.filter(slug="withdrawals")))
        tasks.tell_stakeholders()

    assert not Occasion.objects.exists()
    assert StakeholderMessage.objects.values("incident").distinct().count() == 2
