"""Those who answer for the page see counts, and find single people; nobody gets a list of all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from statuspage.models import Standing, Subscriber

pytestmark = pytest.mark.django_db
PAGE = "/notices/subscribers/"


def one(name, **said):
    at = clock.now()
    usual = {"language": "ko", "standing": Standing.ACTIVE, "created_at": at, "confirmed_at": at}
    return Subscriber.objects.create(**usual | {"address": f"{name}@example.com"} | said)


@pytest.fixture
def browser(client, commander, page):
    client.force_login(commander)
    return client


def test_there_are_counts_and_no_addresses(browser):
    for number in range(12):
        one(f"n{number}")
    one("dead", standing=Standing.QUARANTINED, ended_at=clock.now(), why="550 no such user")

    page = browser.get(PAGE).content.decode()

    assert '<td class="num">12</td>' in page
    assert "n3@example.com" not in page
    assert "dead@example.com" not in page
    assert "d…@example.com" in page
    assert "550 no such user" in page


def test_somebody_is_found_exported_and_forgotten(browser):
    kim = one("kim", quiet=True)
    one("lee")
    page = browser.post(PAGE, {"q": "KIM@"}).content.decode()
    assert "kim@example.com" in page
    assert "lee@example.com" not in page

    kept = browser.post(f"{PAGE}{kim.pk}/export/").json()
    assert (kept["address"], kept["quiet"], kept["components"]) == ("kim@example.com", True, [])
    browser.post(f"{PAGE}{kim.pk}/forget/")
    assert not Subscriber.objects.filter(pk=kim.pk).exists()


def test_a_search_for_nearly_nothing_finds_nobody(browser):
    for number in range(30):
        one(f"n{number}")
    assert "@example.com</b>" not in browser.post(PAGE, {"q": "n1"}).content.decode()
    assert browser.post(PAGE, {"q": "example"}).content.decode().count("@example.com</b>") == 20


def test_who_can_be_reached_again_is_told_again(browser):
    dead = one("dead", standing=Standing.QUARANTINED, ended_at=clock.now(), failures=11)
    browser.post(f"{PAGE}{dead.pk}/again/")
    dead.refresh_from_db()
    assert (dead.standing, dead.failures) == (Standing.ACTIVE, 0)


def test_the_page_asks_as_much_for_many_as_for_one(browser):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            browser.get(PAGE)
        return len(asked)

    one("dead", standing=Standing.QUARANTINED, ended_at=clock.now())
    browser.get(PAGE)
    few = queries()
    for number in range(60):
        one(f"n{number}", standing=Standing.QUARANTINED, ended_at=clock.now())
    assert queries() == few
