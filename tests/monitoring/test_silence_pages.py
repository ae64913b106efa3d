"""Silencing from the portal: what it will do is shown before, and can be taken back after."""

from datetime import timedelta

import pytest

from core import clock
from incidents.services import take_in
from monitoring.domain.alerts import Signal
from monitoring.models import Alert, Silence
from monitoring.services import add_integration, store
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db

NEW = "/alerts/silences/new/"


@pytest.fixture
def firing(everyone):
    """Three alerts, of which two are about the wallet."""
    integration, _ = add_integration("generic", name="probe")
    told = [("출금 지연", "wallet"), ("입금 지연", "wallet"), ("디스크", "db")]
    signals = [Signal(t, t, labels={"svc": s, "severity": "low"}, group=t) for t, s in told]
    store(integration, b"{}", signals, at=clock.now())
    take_in(at=clock.now())


@pytest.fixture
def person(browser):
    return browser("responder")


def said(answer):
    return answer.content.decode()


def test_what_it_would_silence_is_shown_while_it_is_written(firing, person):
    typed = {"matchers": "svc=wallet", "lasts": "1"}

    shown = said(person.post(NEW, typed, headers={"hx-request": "true"}))

    assert "2건을 음소거해요" in shown
    assert "출금 지연" in shown
    assert "디스크" not in shown
    assert not Silence.objects.exists()


def test_without_javascript_a_button_shows_it(firing, person):
    answer = person.post(NEW, {"matchers": "svc=~wal.*", "lasts": "1", "look": "1"})

    assert "2건을 음소거해요" in said(answer)
    assert not Silence.objects.exists()


def test_a_silence_of_everything_that_fires_says_so(firing, person):
    shown = said(person.post(NEW, {"matchers": "svc!="}, headers={"hx-request": "true"}))

    assert "지금 울리는 알림 전부예요" in shown


def test_from_an_alert_its_labels_are_filled_in(firing, person):
    alert = Alert.objects.get(key="디스크")

    shown = said(person.get(f"{NEW}?alert={alert.pk}"))

    assert "severity=&quot;low&quot;\nsvc=&quot;db&quot;" in shown
    assert "1건을 음소거해요" in shown


@pytest.mark.parametrize("alert", ["x", "", "9" * 30])
def test_an_alert_that_cannot_be_meant_gives_an_empty_form(person, alert):
    form = person.get(f"{NEW}?alert={alert}").context["form"]

    assert not form["matchers"].value()


def test_a_silence_for_four_hours_is_made_in_the_persons_name(firing, person, everyone):
    answer = person.post(NEW, {"matchers": "svc=wallet", "lasts": "4", "comment": "배포"})

    made = Silence.objects.get()
    assert answer.status_code == 302
    assert made.ends_at - made.starts_at == timedelta(hours=4)
    assert (made.by, made.created_by) == (everyone["responder"], everyone["responder"].name)
    assert Alert.objects.filter(silence=made).count() == 2


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"matchers": "svc"}, "라벨=값"),
        ({"matchers": "svc=~("}, "닫는 )"),
        ({"matchers": "svc=~.*"}, "모든 알림에 맞는"),
        ({"matchers": ""}, "필수"),
        ({"lasts": "", "until": ""}, "언제까지"),
        ({"lasts": "", "until": "soon"}, ""),
        ({"lasts": "", "until": "2020-01-01T00:00"}, "나중에 끝나야"),
        ({"lasts": "1000000"}, ""),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(person, wrong, word):
    typed = {"matchers": "svc=wallet", "lasts": "1", "comment": "출금 배포 중"}

    answer = person.post(NEW, typed | wrong)

    assert answer.status_code == 400
    assert word in said(answer)
    assert "출금 배포 중" in said(answer)
    assert not Silence.objects.exists()


def test_it_is_listed_ended_and_taken_back(firing, person):
    person.post(NEW, {"matchers": "svc=wallet", "lasts": "1"})
    made = Silence.objects.get()
    assert "알림 2건 조용함" in said(person.get("/alerts/silences/"))

    person.post(f"/alerts/silences/{made.pk}/expire/")
    assert not Silence.objects.active(clock.now()).exists()
    assert "다시 음소거" in said(person.get("/alerts/silences/"))

    person.post(f"/alerts/silences/{made.pk}/restore/")
    assert Silence.objects.active(clock.now()).exists()


def test_a_second_click_on_the_end_is_answered_and_does_nothing(firing, person):
    person.post(NEW, {"matchers": "svc=wallet", "lasts": "1"})
    path = f"/alerts/silences/{Silence.objects.get().pk}/expire/"
    person.post(path)
    before = Silence.objects.values().get()

    assert "이미 끝난" in said(person.post(path, follow=True))
    assert Silence.objects.values().get() == before


def test_a_silenced_alert_is_shown_as_silenced(firing, person):
    person.post(NEW, {"matchers": "svc=wallet", "lasts": "1"})

    shown = said(person.get("/alerts/?status=silenced"))

    assert "음소거됨 →" in shown
    assert "디스크" not in shown


def test_the_page_costs_the_same_with_one_and_with_thirty(firing, person):
    person.post(NEW, {"matchers": "svc=wallet", "lasts": "1"})
    few = cost(person, "/alerts/silences/")
    for n in range(30):
        person.post(NEW, {"matchers": f"svc=s{n}", "lasts": "1"})

    assert cost(person, "/alerts/silences/") == few
