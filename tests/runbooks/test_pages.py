"""Actions in the portal: read by all, decided by those who may, and nothing happens by a GET."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.mfa.totp.internal import auth as totp

from core import clock
from incidents import services as incidents
from incidents.models import Event
from incidents.narration import narrate
from runbooks.domain.actions import State
from runbooks.models import Action, Halt, Limits
from runbooks.services import approve, execute_next, halt, refuse
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost
from tests.factor import SECRET, an_hour_passes, gives_factor

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db

PAGE = "/actions/"


def said(answer):
    return answer.content.decode()


def state_of(action):
    action.refresh_from_db()
    return State(action.state)


@pytest.fixture
def incident(everyone):
    return incidents.declare("출금 지연", severity="P1", by=everyone["responder"], at=clock.now())


@pytest.fixture
def asked(writing, switched_on, everyone, incident):
    """Waits for two people."""
    return writing("withdrawals", incident=incident, at_least=2)


def test_a_page_without_actions_teaches_what_will_stand_there(browser):
    assert "아직 요청된 조치가 없어요" in said(browser("viewer").get(PAGE))


def test_what_waits_is_shown_with_who_asked_for_what_and_how_many_approved(
    asked, browser, everyone, incident
):
    approve(asked, by=everyone["commander"], at=clock.now())

    shown = said(browser("manager").get(PAGE))

    assert "write withdrawals" in shown
    assert f"#{incident.number}" in shown
    assert "2명 중 1명 승인" in shown
    assert everyone["commander"].name in shown
    assert "0.00001\N{NO-BREAK SPACE}TRX" in shown
    assert f"{PAGE}{asked.pk}/approve/" in shown
    assert "Write a line" in shown  # its limits: the kind by its name, not only by its code


def test_one_of_two_approvals_does_not_read_as_approved(asked, browser, everyone, incident):
    approve(asked, by=everyone["commander"], at=clock.now())

    shown = said(browser("manager").get(f"{PAGE}{asked.pk}/"))
    assert "2명 중 1명 승인" in shown
    assert "Write a line" in shown
    assert [
        narrate(event) for event in Event.objects.filter(incident=incident, kind="action_approved")
    ] == ["2명 중 1명 승인: write withdrawals."]

    approve(asked, by=everyone["manager"], at=clock.now())
    assert "2명 중 2명 승인" in said(browser("manager").get(f"{PAGE}{asked.pk}/"))


@pytest.mark.parametrize(
    ("role", "approves", "refuses"),
    [("viewer", False, False), ("responder", False, True), ("commander", True, True)],
)
def test_only_what_one_may_do_is_offered(asked, browser, role, approves, refuses):
    for path in (PAGE, f"{PAGE}{asked.pk}/"):
        shown = said(browser(role).get(path))
        assert (f"{asked.pk}/approve/" in shown, f"{asked.pk}/refuse/" in shown) == (
            approves,
            refuses,
        )


def test_whoever_proposed_it_is_not_asked_to_approve_it(writing, switched_on, browser, everyone):
    action = writing(by=everyone["commander"], at_least=1)

    assert f"{action.pk}/approve/" not in said(browser("commander").get(PAGE))
    assert "다른 사람이 승인해야 해요" in said(
        browser("commander").get(f"{PAGE}{action.pk}/approve/")
    )


def test_before_approving_one_reads_what_follows_and_a_get_does_nothing(asked, browser):
    shown = said(browser("commander").get(f"{PAGE}{asked.pk}/approve/"))

    assert "1명이 더 승인해야 해요" in shown
    assert not asked.approvals.exists()


def test_the_last_approval_sends_it_on_its_way(asked, browser):
    browser("commander").post(f"{PAGE}{asked.pk}/approve/")
    last = browser("manager")
    assert "몇 초 안에 시작돼요" in said(last.get(f"{PAGE}{asked.pk}/approve/"))

    answer = last.post(f"{PAGE}{asked.pk}/approve/", follow=True)

    assert state_of(asked) is State.APPROVED
    assert "승인을 기록했어요" in said(answer)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (lambda: Limits.objects.update(mode="off"), "꺼져 있어요"),
        (lambda: Limits.objects.update(mode="shadow"), "관찰 모드"),
    ],
)
def test_what_follows_names_what_holds_it_back(writing, switched_on, browser, before, words):
    action = writing(at_least=1)
    before()

    assert words in said(browser("commander").get(f"{PAGE}{action.pk}/approve/"))


def test_without_a_second_factor_nobody_approves_where_it_is_wanted(
    asked, browser, everyone, settings
):
    settings.CONSOLE_NEEDS_MFA = True
    client, path = browser("commander"), f"{PAGE}{asked.pk}/approve/"

    assert "2단계 인증" in said(client.get(path))
    assert client.post(path)["Location"] == "/accounts/2fa/"
    assert not asked.approvals.exists()


@pytest.mark.parametrize("given", [False, True])
def test_a_second_factor_of_an_hour_ago_approves_nothing_until_it_is_given_anew(
    asked, browser, everyone, settings, given
):
    settings.CONSOLE_NEEDS_MFA = True
    client, path = browser("commander"), f"{PAGE}{asked.pk}/approve/"
    totp.TOTP.activate(everyone["commander"], SECRET)
    if given:
        gives_factor(client, then=path)
        an_hour_passes(client)
    anew = f"/accounts/2fa/reauthenticate/?next={path}"

    assert f'href="{anew}"' in said(client.get(path))
    assert unquote(client.post(path)["Location"]) == anew
    assert not asked.approvals.exists()


def test_a_fresh_second_factor_approves(asked, browser, everyone, settings):
    settings.CONSOLE_NEEDS_MFA = True
    client, path = browser("commander"), f"{PAGE}{asked.pk}/approve/"
    totp.TOTP.activate(everyone["commander"], SECRET)
    gives_factor(client, then=path)

    client.post(path)

    assert asked.approvals.get().person == everyone["commander"]


def test_refusing_asks_for_a_reason_and_needs_no_second_factor(asked, browser, settings):
    settings.CONSOLE_NEEDS_MFA = True
    client, path = browser("responder"), f"{PAGE}{asked.pk}/refuse/"

    assert client.post(path, {"reason": "  "}).status_code == 400
    assert state_of(asked) is State.PROPOSED

    client.post(path, {"reason": "가격이 너무 비싸요"})
    assert state_of(asked) is State.REFUSED
    assert "가격이 너무 비싸요" in said(client.get(f"{PAGE}{asked.pk}/"))


def test_whoever_is_slower_reads_what_has_become_of_it(asked, browser, everyone):
    refuse(asked, by=everyone["commander"], at=clock.now(), reason="no")

    for word, form in (("approve", {}), ("refuse", {"reason": "no"})):
        path = f"{PAGE}{asked.pk}/{word}/"
        assert "거절" in said(browser("manager").get(path))
        assert "이미" in said(browser("manager").post(path, form, follow=True))


def test_what_is_held_back_says_why(writing, switched_on, browser, everyone):
    halt(by=everyone["responder"], at=clock.now(), reason="이상한 주문")
    action = writing()
    execute_next(at=clock.database_now())

    for path in (PAGE, f"{PAGE}{action.pk}/"):
        assert "모든 조치가 중지됐어요" in said(browser("viewer").get(path))


def test_a_page_tells_the_whole_story_of_an_action(asked, browser, everyone):
    approve(asked, by=everyone["commander"], at=clock.now())
    approve(asked, by=everyone["manager"], at=clock.now())
    execute_next(at=clock.database_now())

    shown = said(browser("viewer").get(f"{PAGE}{asked.pk}/"))

    for word in (
        "제안",
        "승인",
        "시작",
        "완료",
        "written",
        "withdrawals",
        everyone["manager"].name,
    ):
        assert word in shown


def test_a_page_that_has_not_changed_answers_with_nothing(asked, browser, everyone):
    client = browser("commander")
    for path in (PAGE, f"{PAGE}{asked.pk}/"):
        version = client.get(path).context["version"]
        live = {"HX-Request": "true"}
        assert client.get(f"{path}?v={version}", headers=live).status_code == 204

        approve(asked, by=everyone["manager"], at=clock.now())
        answer = client.get(f"{path}?v={version}", headers=live)
        assert answer.status_code == 200
        assert "<html" not in said(answer)
        asked.approvals.all().delete()


def test_what_is_over_is_leafed_through_without_a_gap(writing, switched_on, browser, everyone):
    many = [writing(f"deed{n:03}") for n in range(35)]
    for action in many:
        refuse(action, by=everyone["commander"], at=clock.now(), reason="no")
    client = browser("viewer")

    first = said(client.get(PAGE))
    older = client.get(PAGE).context["over"].older
    second = said(client.get(f"{PAGE}?before={older}"))

    found = [(f"deed{n:03}<" in first, f"deed{n:03}<" in second) for n in range(35)]
    assert found == [(n >= 5, n < 5) for n in range(35)]
    assert client.get(f"{PAGE}?before=x").status_code == 200


def test_anybody_who_responds_halts_with_a_reason_and_every_page_says_so(browser, everyone):
    client = browser("responder")
    assert client.post(f"{PAGE}halt/", {"reason": ""}).status_code == 400
    assert not Halt.objects.exists()

    client.post(f"{PAGE}halt/", {"reason": "주문이 이상해요"})

    for path in (PAGE, "/incidents/", "/energy/", "/on-call/"):
        shown = said(browser("viewer").get(path))
        assert 'class="halted"' in shown
        assert "주문이 이상해요" in shown


def test_a_second_halt_is_told_that_it_is_halted(browser, everyone):
    halt(by=everyone["responder"], at=clock.now(), reason="첫째")
    client = browser("responder")

    assert "이미" in said(client.get(f"{PAGE}halt/"))
    assert "이미" in said(client.post(f"{PAGE}halt/", {"reason": "둘째"}, follow=True))
    assert Halt.objects.get().reason == "첫째"


def test_a_commander_lifts_it(browser, everyone):
    halt(by=everyone["responder"], at=clock.now(), reason="주문이 이상해요")
    assert browser("responder").post(f"{PAGE}lift/").status_code == 403
    client = browser("commander")
    assert "주문이 이상해요" in said(client.get(f"{PAGE}lift/"))

    client.post(f"{PAGE}lift/")

    assert Halt.objects.get().lifted_by == everyone["commander"]
    assert 'class="halted"' not in said(client.get(PAGE))


def test_pages_cost_the_same_with_few_and_with_many(
    writing, switched_on, browser, everyone, incident
):
    client, found = browser("manager"), []
    for batch in ("a", "b"):
        for n in range(3 if batch == "a" else 25):
            action = writing(f"{batch}{n}", incident=incident, at_least=2)
            approve(action, by=everyone["commander"], at=clock.now())
            over = writing(f"{batch}{n}-over", incident=incident, by=everyone["manager"])
            refuse(over, by=everyone["commander"], at=clock.now(), reason="no")
        found.append([cost(client, PAGE), cost(client, f"{PAGE}{action.pk}/")])

    assert found[0] == found[1]
    assert max(found[0]) < 20


def test_the_budget_of_a_kind_is_shown_as_far_as_it_is_spent(writing, switched_on, browser):
    writing(sun=50)
    execute_next(at=clock.database_now())

    [budget] = [
        one
        for one in browser("viewer").get(PAGE).context["budgets"]
        if one.limits.kind == "tests.write"
    ]

    assert (budget.day, budget.lifetime, budget.day_percent) == (50, 50, 20)


def test_an_action_that_waited_too_long_shows_its_clock_as_over(writing, switched_on, browser):
    action = writing(at_least=1, at=clock.now() - timedelta(minutes=59))

    [row] = browser("manager").get(PAGE).context["waiting"]

    assert row.action == action
    assert row.clock.urgent
    assert not row.clock.overdue
    assert Action.objects.get().state == State.PROPOSED
