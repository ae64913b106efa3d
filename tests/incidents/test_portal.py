"""The portal's doors, as a browser meets them."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from incidents import services
from incidents.models import Incident
from monitoring.models import Integration
from monitoring.services import add_integration
from teams.models import User
from teams.rotations import Rotation
from tests.factor import SECRET
from tests.incidents.conftest import after, kinds, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


def words(answer):
    return answer.content.decode()


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"title": "", "severity": "P1"},
        {"title": "   ", "severity": "P1"},
        {"title": "t", "severity": "P7"},
        {"title": "t\x00", "severity": "P1"},
        {"title": "t", "severity": "P1", "services": ["999"]},
        {"title": "x" * 1025, "severity": "P1"},
    ],
)
def test_what_cannot_be_declared_is_shown_again(browser, form):
    answer = browser.post("/incidents/declare/", form or {"severity": ""})

    assert answer.status_code == 400
    assert not Incident.objects.exists()


def test_declaring_leads_to_the_room(browser):
    answer = browser.post("/incidents/declare/", {"title": "<b>출금</b> 지연", "severity": "P1"})

    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{incident.number}/"
    assert "&lt;b&gt;출금&lt;/b&gt; 지연" in words(browser.get(answer["Location"]))


def test_whoever_declares_says_whether_customers_feel_it(browser):
    browser.post("/incidents/declare/", {"title": "지연", "severity": "P2", "felt": "on"})

    incident = Incident.objects.get()
    assert incident.customer_impact
    assert kinds(incident)[:2] == ["declared", "customer_impact"]


def test_who_comes_too_late_sees_the_fresh_state_and_why(browser, declare):
    incident = declare()
    services.resolve(incident, by=person("dev1"), at=after(minutes=1))

    answer = browser.post(f"/incidents/{incident.number}/acknowledge/", follow=True)

    assert answer.redirect_chain == [(f"/incidents/{incident.number}/", 302)]
    assert 'class="message warning"' in words(answer)


def test_an_incident_goes_through_its_life_by_buttons(browser, declare):
    incident, states = declare(), []
    for move in ("acknowledge", "mitigate", "resolve", "reopen"):
        browser.post(f"/incidents/{incident.number}/{move}/")
        states.append(fresh(incident).status)

    assert states == ["acknowledged", "mitigated", "resolved", "triggered"]


def test_a_severity_nobody_has_is_refused_in_words(browser, declare):
    incident = declare()

    answer = browser.post(
        f"/incidents/{incident.number}/severity/", {"severity": "P9"}, follow=True
    )

    assert "P0" in words(answer)
    assert fresh(incident).severity == "P1"


def test_a_note_is_written_and_shown_as_it_was_typed(browser, declare):
    incident = declare()
    browser.post(f"/incidents/{incident.number}/note/", {"text": "<script>alert(1)</script> 확인"})

    page = words(browser.get(f"/incidents/{incident.number}/"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 확인" in page
    assert "<script>alert" not in page


def test_a_note_by_htmx_is_answered_without_a_page(browser, declare):
    incident = declare()
    path = f"/incidents/{incident.number}/note/"

    answer = browser.post(path, {"text": "확인"}, headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert "타임라인에 남겼어요" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert kinds(incident)[-1] == "note"


def test_a_room_that_has_not_changed_answers_nothing(browser, declare, commander):
    incident = declare()
    live = f"/incidents/{incident.number}/live/?v="

    still = browser.get(f"{live}{fresh(incident).version}")
    services.note(incident, "n", by=commander, at=after(minutes=1))
    moved = browser.get(f"{live}2.0")

    assert (still.status_code, still.content) == (204, b"")
    assert moved.status_code == 200
    assert "<html" not in words(moved)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"출금 지연", "입금 지연", "API 느림"}),
        ("q=출금", {"출금 지연"}),
        ("q=nothing", set()),
        ("severity=P0", {"출금 지연"}),
        ("severity=P9", set()),
        ("status=resolved", {"API 느림"}),
        ("service=nothing", set()),
        ("period=x&page=x", {"출금 지연", "입금 지연", "API 느림"}),
        ("page=-1", {"출금 지연", "입금 지연", "API 느림"}),
    ],
)
def test_the_list_can_be_narrowed(browser, declare, commander, now, query, shown):
    made = [declare(severity, at=now) for severity in ("P0", "P2", "P3")]
    for incident, title in zip(made, ["출금 지연", "입금 지연", "API 느림"], strict=True):
        Incident.objects.filter(pk=incident.pk).update(title=title)
    services.resolve(fresh(made[2]), by=commander, at=now)

    found = browser.get(f"/incidents/?{query}").context

    rows = [*found["open_rows"], *(row for _, rows in found["closed_groups"] for row in rows)]
    assert {row.title for row in rows} == shown


def test_the_headline_speaks_of_what_burns_whatever_the_filters_hide(browser, declare, now):
    declare("P0", at=now)

    assert "출금 지연" in browser.get("/incidents/?q=nothing").context["headline"]


def test_an_empty_house_is_calm(browser):
    assert browser.get("/incidents/").context["is_empty"]


def undone(browser):
    return [
        step.what for step in browser.get("/incidents/").context["first_steps"] if not step.done
    ]


def test_the_first_steps_are_ticked_off_as_they_are_done(browser, commander):
    commander.contacts.all().delete()
    assert undone(browser) == ["연락받을 방법 등록", "2단계 인증 설정"]

    way = commander.contacts.create(channel="sms", address="+821012345678")
    assert "연락받을 방법 등록" in undone(browser)  # it is not proved yet
    way.verified_at = after()
    way.save()
    Authenticator.objects.create(user=commander, type="totp", data={"secret": SECRET})
    assert undone(browser) == []

    Rotation.objects.all().delete()
    cache.clear()  # who is named at the top is remembered for half a minute
    assert undone(browser) == ["당직 정하기"]


def test_only_who_may_make_an_integration_is_told_to(browser, commander):
    Integration.objects.all().delete()
    assert "연동 만들기" in undone(browser)
    add_integration("alertmanager", name="vmalert")
    assert "연동 만들기" not in undone(browser)

    Integration.objects.all().delete()
    User.objects.filter(pk=commander.pk).update(role="responder")
    assert "연동 만들기" not in undone(browser)


def test_a_room_shows_only_links_that_lead_to_the_web(browser, fire):
    incident = fire(url="javascript:alert(1)")

    assert "javascript:" not in words(browser.get(f"/incidents/{incident.number}/"))


def test_a_long_title_leaves_room_for_what_the_headline_says_of_it(browser, declare):
    Incident.objects.filter(pk=declare().pk).update(
        title="출금 대기열이 멈춰 TRC-20 USDT 출금이 나가지 않고 서명 노드 sig-01과 sig-02가 응답하지 않아요"
    )

    shown = browser.get("/incidents/").content.decode()

    headline = shown.partition("<h1>")[2].partition("</h1>")[0]
    assert headline.startswith("출금 대기열이 멈춰 TRC-20 USDT 출금이 나가지 않고 서명")
    assert headline.endswith("… 아직 아무도 응답하지 않았어요.")
