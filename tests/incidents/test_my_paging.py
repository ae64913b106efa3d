"""How I am paged: the page where everybody keeps their own rules and quiet hours."""

from datetime import time

import pytest
from django.test import Client

from teams.models import User
from teams.rules import NotificationRule
from tests.incidents.conftest import person

pytestmark = pytest.mark.django_db

PAGE = "/me/paging/"
REST = {"quiet_from": "", "quiet_to": "", "language": "en", "time_zone": "Asia/Seoul"}


@pytest.fixture
def browser(commander):
    User.objects.filter(username="dev1").update(language="en")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(person("dev1"))
    return client


def add(browser, *, channel, minutes, grave=True):
    return browser.post(PAGE, {"grave": grave, "channel": channel, "minutes": minutes}, follow=True)


def test_without_rules_the_page_says_what_each_severity_does(browser):
    page = browser.get(PAGE).text

    assert page.count("<b>at once</b>") == 4
    assert "My rules" in page


def test_a_rule_is_kept_and_shown_as_it_will_happen(browser):
    add(browser, channel="slack", minutes=0)
    page = add(browser, channel="voice", minutes=2).text

    assert "<b>after 2 min</b> voice" in page
    assert "<b>after 5 min</b>" in page
    assert NotificationRule.objects.filter(user=person("dev1")).count() == 2


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"channel": "voice", "minutes": 6}, "At most five minutes"),
        ({"channel": "voice", "minutes": 61, "grave": False}, "60"),
        ({"channel": "webhook", "minutes": 0}, "webhook"),
        ({"channel": "slack", "minutes": 1}, "There is a rule for this channel already."),
    ],
)
def test_what_could_keep_somebody_from_hearing_is_refused_with_the_reason(browser, asked, told):
    add(browser, channel="slack", minutes=0)

    answer = add(browser, **asked)

    assert answer.status_code == 400
    assert told in answer.text
    assert NotificationRule.objects.count() == 1


def test_a_rule_of_somebody_else_is_not_there(browser):
    theirs = NotificationRule.objects.create(
        user=person("dev2"), grave=True, channel="sms", minutes=0
    )

    assert browser.post(f"{PAGE}{theirs.pk}/remove/").status_code == 404
    assert NotificationRule.objects.filter(pk=theirs.pk).exists()


def test_a_removed_rule_is_gone(browser):
    add(browser, channel="slack", minutes=0)
    mine = NotificationRule.objects.get()

    assert "Removed." in browser.post(f"{PAGE}{mine.pk}/remove/", follow=True).text
    assert not NotificationRule.objects.exists()


def test_quiet_hours_are_kept_shown_and_taken_away(browser):
    hours = REST | {"quiet_from": "22:00", "quiet_to": "08:00"}
    page = browser.post(f"{PAGE}quiet/", hours, follow=True).text

    assert page.count("From 22:00 to 08:00 it is held until 08:00.") == 2  # P2 and P3
    assert person("dev1").quiet_from == time(22)

    browser.post(f"{PAGE}quiet/", REST)
    assert person("dev1").quiet_from is None


def test_language_and_time_zone_are_ones_own(browser):
    browser.post(f"{PAGE}quiet/", REST | {"language": "ko", "time_zone": "Europe/Berlin"})
    assert (person("dev1").language, person("dev1").time_zone) == ("ko", "Europe/Berlin")

    assert browser.post(f"{PAGE}quiet/", REST | {"time_zone": "Mars/Base"}).status_code == 400


def test_half_of_the_quiet_hours_is_refused(browser):
    answer = browser.post(f"{PAGE}quiet/", REST | {"quiet_from": "22:00"})

    assert answer.status_code == 400
    assert "Quiet hours need a beginning" in answer.text


def test_the_page_costs_the_same_however_many_rules_and_people(
    browser, django_assert_max_num_queries
):
    NotificationRule.objects.bulk_create(
        NotificationRule(user=user, grave=True, channel="sms", minutes=1)
        for user in User.objects.all()
    )

    with django_assert_max_num_queries(21):
        browser.get(PAGE)
