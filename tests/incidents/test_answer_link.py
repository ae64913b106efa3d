"""The link in a page: opening it changes nothing, since mail scanners open links; the button does."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from incidents import services
from incidents.models import Incident
from notifications import links
from notifications.links import answer_url
from notifications.models import Delivery
from tests.incidents.conftest import kinds, last_event, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(declare):
    return declare("P1", at=clock.now())


def page(incident, username="dev1", channel="email"):
    return Delivery.objects.about(incident.topic).get(recipient__username=username, channel=channel)


def link(delivery):
    return "/p/" + answer_url(delivery).partition("/p/")[2]


def press(address, browser=None):
    """As a person does it: open, then press the one large button."""
    browser = browser or Client(enforce_csrf_checks=True)
    opened = browser.get(address)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', opened.content.decode())
    return browser.post(address, {"csrfmiddlewaretoken": token[1] if token else ""})


def state(incident):
    return Incident.objects.get(pk=incident.pk).status


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_it_changes_nothing(incident, method):
    before = kinds(incident)

    for _ in range(3):
        assert getattr(Client(), method)(link(page(incident))).status_code == 200

    assert state(incident) == "triggered"
    assert kinds(incident) == before
    assert Delivery.objects.undone().count() == 12


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_nothing_else_can_be_done_with_it(incident, method):
    assert getattr(Client(), method)(link(page(incident))).status_code == 405
    assert state(incident) == "triggered"


def test_a_link_that_was_tampered_with_leads_nowhere(incident):
    address = link(page(incident))
    other = link(page(incident, "dev2"))
    forged = [
        address[:-2] + "x/", address.replace("/p/", "/p/x"), "/p/x/", "/p/./", "/p/a.b/",
        address.partition(".")[0] + "." + other.partition(".")[2], "/p/" + "A" * 22 + "." + "A" * 43 + "/",
    ]  # fmt: skip

    for each in forged:
        assert Client().get(each).status_code == 404
        assert Client().post(each).status_code == 404
    assert state(incident) == "triggered"


def test_a_link_older_than_seven_days_leads_nowhere(incident):
    delivery = page(incident)
    Delivery.objects.filter(pk=delivery.pk).update(
        created_at=clock.now() - timedelta(days=7, seconds=1)
    )

    assert Client().post(link(delivery)).status_code == 404
    assert state(incident) == "triggered"


def test_a_link_of_another_installation_leads_nowhere(incident, monkeypatch):
    address = link(page(incident))
    monkeypatch.setattr(links._link, "key", "of another installation")

    assert Client().get(address).status_code == 404


def test_a_link_about_something_else_leads_nowhere(incident):
    delivery = page(incident)
    Delivery.objects.filter(pk=delivery.pk).update(topic="subscription:1")

    assert Client().post(link(delivery)).status_code == 404


def test_a_form_of_another_site_cannot_press_the_button(incident):
    address = link(page(incident))

    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert state(incident) == "triggered"


def test_pressing_the_button_in_a_fresh_browser_acknowledges(incident):
    answer = press(link(page(incident)))

    assert answer.status_code == 200
    assert state(incident) == "acknowledged"
    event = last_event(incident, "status")
    assert (event.actor_user, event.actor) == (person("dev1"), "윤서아")
    assert event.data["via"] == "email"
    assert not Delivery.objects.undone().exists()


def test_whose_link_it_is_counts_and_not_who_is_signed_in(incident, commander):
    browser = Client()
    browser.force_login(commander)
    press(link(page(incident)), browser)

    assert Incident.objects.get().acknowledged_by == person("dev1")


def test_who_comes_second_is_told_who_answered(incident):
    press(link(page(incident, "dev1")))

    second = Client().post(link(page(incident, "dev2")))

    assert "윤서아" in second.content.decode()
    assert Incident.objects.get().acknowledged_by == person("dev1")
    assert kinds(incident).count("status") == 1


def test_what_is_over_offers_no_button(incident, commander):
    services.resolve(incident, by=commander, at=clock.now())

    opened = Client().get(link(page(incident)))

    assert opened.status_code == 200
    assert b"csrfmiddlewaretoken" not in opened.content.partition(b"<main")[2]


def test_it_shows_what_is_broken_in_the_recipients_language(incident):
    korean, english = (
        Client().get(link(page(incident, name))).content.decode() for name in ("dev1", "dev2")
    )

    for text in (korean, english):
        assert "출금 지연" in text
        assert "P1" in text
        assert f"#{incident.number}" in text
    assert "높음" in korean
    assert "High" in english


def test_it_is_kept_by_no_cache_and_told_to_no_other_site(incident):
    answer = Client().get(link(page(incident)))

    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_machines_link_answers_in_the_machines_name(declare):
    incident = declare("P0", at=clock.now())
    hook = Delivery.objects.about(incident.topic).get(channel="webhook")

    press(link(hook))

    assert state(incident) == "acknowledged"
    assert last_event(incident, "status").actor == hook.recipient_name
