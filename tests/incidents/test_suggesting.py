"""A severity is suggested with its reason; a person decides, and the rule learns from it."""

import pytest
from django.db import IntegrityError
from django.test import Client

from core.errors import Refused
from incidents import services
from incidents.models import Incident, SuggestionMade, SuggestionRule
from teams.models import Service
from tests.incidents.conftest import after, kinds

pytestmark = pytest.mark.django_db
DECLARE = "/incidents/declare/"


def rule(english="Withdrawals stopped"):
    return SuggestionRule.objects.get(name_en=english)


def score(english="Withdrawals stopped"):
    row = rule(english)
    return (row.agreed, row.disagreed)


@pytest.fixture
def said(commander):
    """Declares what the rule “Withdrawals stopped” calls a P1."""

    def declare(severity, title="출금이 멈췄어요"):
        return services.declare(title, severity=severity, by=commander, at=after())

    return declare


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


def test_a_decision_that_follows_the_rule_speaks_for_it(said):
    made = said("P1").suggestion

    assert score() == (1, 0)
    assert (made.suggested, made.decided, made.found) == ("P1", "P1", ["출금", "멈췄"])


def test_a_decision_against_it_speaks_against_it(said):
    said("P3")

    assert score() == (0, 1)


def test_the_last_word_counts_and_only_once(said, commander):
    incident = said("P3")
    services.change_severity(incident, "P1", by=commander, at=after(minutes=5))
    assert score() == (1, 0)

    services.change_severity(incident, "P0", by=commander, at=after(minutes=9))
    services.change_severity(incident, "P2", by=commander, at=after(minutes=10))
    assert score() == (1, 0)
    assert SuggestionMade.objects.get().decided == "P1"


def test_a_later_change_from_wrong_to_wrong_moves_nothing(said, commander):
    services.change_severity(said("P3"), "P2", by=commander, at=after(minutes=5))

    assert score() == (0, 1)


def test_what_a_machine_decides_is_no_verdict(said):
    said("P1")
    services.escalate_due(at=after(hours=1))
    incident = Incident.objects.get()
    services.change_severity(incident, "P2", by=None, at=after(hours=2))

    assert score() == (1, 0)


def test_a_change_that_comes_too_late_teaches_nothing(said, commander):
    incident = said("P1")
    services.resolve(Incident.objects.get(), by=commander, at=after(minutes=5))

    with pytest.raises(Refused):
        services.change_severity(incident, "P3", by=commander, at=after(minutes=6))
    assert score() == (1, 0)


def test_where_no_rule_fits_nothing_is_remembered(said):
    said("P2", title="무엇인가 이상해요")

    assert not SuggestionMade.objects.exists()


def test_a_rule_that_is_deleted_leaves_the_decision(said, commander):
    incident = said("P3")
    rule().delete()
    services.change_severity(incident, "P1", by=commander, at=after(minutes=5))

    assert SuggestionMade.objects.get().rule is None


def test_what_people_correct_again_and_again_gives_way(said, browser):
    SuggestionRule.objects.create(
        name_ko="출금 점검", name_en="Maintenance", severity="P3", words="출금"
    )
    for _ in range(3):
        said("P3")

    found = services.suggested_for(title="출금이 멈췄어요")
    assert (found.severity, found.rule.name_en) == ("P3", "Maintenance")


def test_a_rule_for_a_service_asks_for_that_service(seeded):
    wallet = Service.objects.get(slug="wallet")
    SuggestionRule.objects.create(name_ko="지갑", name_en="Wallet", severity="P0", service=wallet)

    assert services.suggested_for(title="이상해요", services=[wallet]).severity == "P0"
    assert services.suggested_for(title="이상해요") is None


def test_a_rule_that_asks_for_nothing_is_refused(seeded):
    with pytest.raises(IntegrityError, match="a_rule_asks_for_something"):
        SuggestionRule.objects.create(name_ko="모두", name_en="All", severity="P0")


def test_while_one_writes_it_is_suggested_with_its_reason(browser):
    SuggestionRule.objects.filter(pk=rule().pk).update(agreed=7, disagreed=2)
    body = {"title": "", "description": "출금이 멈췄어요", "services": "nonsense", "severity": "P9"}

    shown = browser.post("/incidents/suggestion/", body).content.decode()
    assert "출금 기능 중단" in shown
    assert "<q>멈췄</q>" in shown
    assert "9번 중 7번 맞음" in shown
    assert 'for="level-P1"' in shown
    assert "<html" not in shown
    assert not Incident.objects.exists()


def test_without_a_script_one_asks_and_nothing_is_declared_or_lost(browser):
    wallet = Service.objects.get(slug="wallet").pk
    body = {
        "title": "출금이 멈췄어요",
        "description": "전 고객",
        "services": [wallet],
        "suggest": "1",
    }

    answer = browser.post(DECLARE, body)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "출금 기능 중단" in shown
    assert "전 고객" in shown
    assert f'value="{wallet}" checked' in shown
    assert "errorlist" not in shown
    assert not Incident.objects.exists()


def test_a_form_that_is_refused_still_suggests(browser):
    answer = browser.post(DECLARE, {"title": "출금이 멈췄어요"})

    assert answer.status_code == 400
    assert "출금 기능 중단" in answer.content.decode()


def test_words_of_a_stranger_are_shown_as_words(browser):
    SuggestionRule.objects.create(name_ko="<b>x", name_en="x", severity="P0", words="<i>")

    shown = browser.post("/incidents/suggestion/", {"title": "a <i> b"}).content.decode()
    assert "<q>&lt;i&gt;</q>" in shown
    assert "<b>x" not in shown


def test_the_api_suggests_too(api):
    post = {"title": "출금이 멈췄어요", "labels": {"team": "core"}}
    SuggestionRule.objects.filter(pk=rule().pk).update(label="team=core")

    found = api.post("/api/v1/suggestions/", post, content_type="application/json").json()
    assert (found["severity"], found["found"]) == ("P1", ["출금", "멈췄", "team=core"])
    post["labels"] = {}
    found = api.post("/api/v1/suggestions/", post, content_type="application/json").json()
    assert found["severity"] is None


def test_the_console_shows_how_often_people_agreed(browser):
    SuggestionRule.objects.filter(pk=rule().pk).update(agreed=3, disagreed=1)

    shown = browser.get("/console/incidents/suggestionrule/").content.decode()
    assert "75 % · 4번 중 3번" in shown


@pytest.mark.parametrize("wrong", [{"words": ""}, {"words": "출금", "label": "severity"}])
def test_a_slip_in_the_console_is_refused(browser, wrong):
    form = {"name_ko": "규칙", "name_en": "Rule", "severity": "P1", "words": "", "label": ""}

    answer = browser.post("/console/incidents/suggestionrule/add/", form | wrong)
    assert answer.status_code == 200
    assert not SuggestionRule.objects.filter(name_en="Rule").exists()


@pytest.fixture
def mild(fire):
    """An alert that says P2 of what the rule “Full outage” calls a P0."""
    return fire(title="전체 시스템 다운", severities=["P2"])


def test_the_room_shows_what_an_alert_s_words_look_like(mild, browser):
    shown = browser.get(mild.get_absolute_url()).content.decode()

    assert "알림은 P2, 내용으로 보면" in shown
    assert "P0 적용" in shown
    assert "P2 유지" in shown


def test_one_tap_takes_it_and_the_rule_was_right(mild, browser):
    browser.post(f"{mild.get_absolute_url()}severity/", {"severity": "P0"})

    assert Incident.objects.get().severity == "P0"
    assert score("Full outage") == (1, 0)
    assert "내용으로 보면" not in browser.get(mild.get_absolute_url()).content.decode()


def test_one_tap_keeps_it_and_the_rule_was_wrong(mild, browser):
    keep = f"{mild.get_absolute_url()}severity/keep/"
    browser.post(keep, {"severity": "P2"})
    browser.post(keep, {"severity": "P2"})

    assert (Incident.objects.get().severity, score("Full outage")) == ("P2", (0, 1))
    assert kinds(mild).count("severity_kept") == 1
    shown = browser.get(mild.get_absolute_url()).content.decode()
    assert "심각도를 P2 그대로 두었어요" in shown
    assert "P0 적용" not in shown


def test_what_was_decided_meanwhile_is_not_kept_by_an_old_screen(mild, browser):
    services.change_severity(mild, "P1", by=None, at=after(minutes=1))

    answer = browser.post(
        f"{mild.get_absolute_url()}severity/keep/", {"severity": "P2"}, follow=True
    )
    assert "그사이 심각도가 정해졌어요: P1" in answer.content.decode()
    assert score("Full outage") == (0, 0)


def test_a_label_of_the_alert_decides_too(fire):
    SuggestionRule.objects.create(name_ko="핵심", name_en="Core", severity="P0", label="team=core")
    first = fire("a", title="이상", severities=["P2"], labels={"team": "core"})
    assert services.open_suggestion(first).found == ("team=core",)

    other = fire("b", title="이상", severities=["P2"], labels={"team": "x"}, service="web")
    assert services.open_suggestion(other) is None


def test_nothing_is_suggested_where_alert_and_words_agree_or_it_is_over(fire, commander):
    agreed = fire(title="전체 시스템 다운", severities=["P0"])
    assert services.open_suggestion(agreed) is None

    over = fire("k2", title="전체 시스템 다운", severities=["P2"], service="web")
    services.resolve(over, by=commander, at=after(minutes=1))
    over.refresh_from_db()
    assert services.open_suggestion(over) is None
