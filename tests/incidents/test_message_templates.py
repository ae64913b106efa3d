"""What stakeholders are told: the manual's rules and texts, and a console that refuses what cannot be."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from core import clock
from incidents.domain.wording import faults
from incidents.models import MessageTemplate, SeverityPolicy, StakeholderRule
from incidents.services.stakeholders.facts import About, facts_in, newest, sample, worded
from teams.models import Service
from teams.stakeholders import StakeholderGroup
from tests.incidents.conftest import START

pytestmark = pytest.mark.django_db
CONSOLE = "/console/incidents/messagetemplate/"


@pytest.fixture
def console(commander):
    client = Client()
    client.force_login(commander)
    return client


def test_the_manuals_two_rules_are_there(seeded):
    management = StakeholderRule.objects.get(template__slug="incident_management_alert")
    customers = StakeholderRule.objects.get(
        group__slug="customers", template__slug="customer_service_alert"
    )

    assert (management.group.slug, management.at_least) == ("management", "P1")
    assert (management.urgency, management.automatic) == ("immediate", True)
    assert (customers.urgency, customers.customer_impact) == ("high", True)
    assert customers.automatic is False


def test_nothing_leaves_the_company_by_itself_from_the_start(seeded):
    external = StakeholderRule.objects.filter(group__kind="external")

    assert external.exists()
    assert not external.filter(automatic=True).exists()


def test_every_text_is_whole_and_names_known_placeholders_only(seeded):
    for template in MessageTemplate.objects.all():
        template.full_clean()
        said = worded(template, sample(START))
        assert all(said.values())
        assert not any(faults(text) for text in said.values())


def test_what_customers_read_names_no_inside(seeded):
    inside = ["{title}", "{link}", "{status}", "{severity}", "{number}"]
    for slug in ("customer_service_alert", "customer_service_update", "customer_service_resolved"):
        texts = vars(MessageTemplate.objects.get(slug=slug))
        assert not any(name in str(texts) for name in inside)


def test_the_facts_are_in_the_readers_words(declare):
    incident = declare("P1", services=[Service.objects.get(slug="withdrawals")])
    policy = SeverityPolicy.objects.get(severity="P1")
    about = About(incident, incident.services.all(), policy, START)

    korean, english = facts_in("ko", about), facts_in("en", about)

    assert (korean["services"], english["services"]) == ("출금", "Withdrawals")
    assert (korean["status"], english["status"]) == ("발생", "Triggered")
    assert korean["since"] == "11월 23일 12:00 (KST)"
    assert (english["since"], english["next_update"]) == (
        "23 Nov, 12:00 (KST)",
        "23 Nov, 13:00 (KST)",
    )
    assert english["link"].endswith(f"/incidents/{incident.number}/")


def test_without_services_or_a_rhythm_the_sentence_still_reads(declare):
    incident = declare("P3")
    about = About(incident, [], SeverityPolicy.objects.get(severity="P3"), START)

    assert facts_in("ko", about)["services"] == "확인 중인 서비스"
    assert facts_in("en", about)["next_update"] == "when there is news"


def test_the_console_refuses_an_unknown_placeholder_and_keeps_what_was_typed(console):
    fields = {
        f"{part}_{language}": "x" for part in ("subject", "body") for language in ("ko", "en")
    }
    typed = fields | {
        "slug": "mine", "name_ko": "내 글", "name_en": "Mine", "body_ko": "{title.__class__} 안내",
    }  # fmt: skip

    answer = console.post(f"{CONSOLE}add/", typed, headers={"accept-language": "en"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "{title.__class__}" in page
    assert "{next_update}" in page
    assert "안내</textarea>" in page
    assert not MessageTemplate.objects.filter(slug="mine").exists()


def test_the_console_previews_both_languages_with_the_newest_incident(console, declare):
    declare("P1", services=[Service.objects.get(slug="deposits")])
    template = MessageTemplate.objects.get(slug="customer_service_alert")

    page = console.get(f"{CONSOLE}{template.pk}/change/").content.decode()

    assert "입금 서비스 이용에 불편이 있습니다" in page
    assert "Trouble with Deposits" in page


def test_before_the_first_incident_there_is_a_sample(seeded):
    assert newest(clock.now()).incident.number == 214


def test_an_external_rule_may_not_go_by_itself(seeded):
    rule = StakeholderRule.objects.filter(group__kind="external").first()
    rule.automatic = True

    with pytest.raises(ValidationError, match="automatic"):
        rule.full_clean()


def test_what_goes_by_itself_has_no_second_person(seeded):
    automatic = StakeholderRule.objects.filter(automatic=True)

    with pytest.raises(IntegrityError, match="nobody_approves"), transaction.atomic():
        automatic.update(second_person=True)


def test_a_rule_in_the_console_is_chosen_by_ticks(console):
    management = StakeholderGroup.objects.get(slug="management")
    template = MessageTemplate.objects.get(slug="incident_update")
    told = {
        "group": management.pk, "template": template.pk, "urgency": "low",
        "events": ["opened", "resolved"], "enabled": "on",
    }  # fmt: skip

    answer = console.post("/console/incidents/stakeholderrule/add/", told)

    assert answer.status_code == 302
    assert StakeholderRule.objects.latest("pk").events == ["opened", "resolved"]
