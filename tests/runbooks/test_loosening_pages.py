"""The page on which a second administrator decides, with a second factor given anew."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.checks import run_checks
from django.test import Client

from core import clock
from runbooks.models import Limits, Loosening
from runbooks.services.loosening import change
from teams.models import User
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost
from tests.factor import SECRET, an_hour_passes, gives_factor
from tests.runbooks import effects

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
BOARD = "/actions/limits/"


@pytest.fixture
def second(everyone):
    return User.objects.create(username="ben", email="b@company.com", role="administrator")


@pytest.fixture
def waiting(file, everyone, second):
    return proposed(everyone["administrator"], 300)


def proposed(by, cap):
    row = Limits.of(effects.NAME)
    row.lifetime_cap_sun = cap
    found = change("limits", row, by=by, at=clock.now(), reason="주말 출금").waiting
    assert found
    return found


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def press(client, loosening, what, **body):
    return client.post(f"{BOARD}{loosening.pk}/{what}/", body, follow=True)


@pytest.fixture
def strict(settings, second):
    settings.CONSOLE_NEEDS_MFA = True
    totp.TOTP.activate(second, SECRET)


@pytest.fixture(autouse=True)
def roomy(file):
    """So that what is proposed fits the other caps."""
    Limits.objects.filter(pk=Limits.of(effects.NAME).pk).update(
        action_cap_sun=1, day_cap_sun=2, lifetime_cap_sun=200
    )


def state(loosening):
    loosening.refresh_from_db()
    return loosening.state


def test_before_after_reason_and_who_are_read_before_it_is_decided(waiting, second):
    shown = signed_in(second).get(waiting.get_absolute_url()).content.decode()

    for words in ("주말 출금", "0.0002", "0.0003", waiting.proposed_by.name):
        assert words in shown
    assert state(waiting) == "waiting"


def test_the_second_administrator_confirms(waiting, second):
    shown = press(signed_in(second), waiting, "confirm").content.decode()

    assert state(waiting) == "applied"
    assert Limits.of(effects.NAME).lifetime_cap_sun == 300
    assert second.name in shown


def test_whoever_proposed_it_is_told_that_somebody_else_confirms(waiting, everyone):
    client = signed_in(everyone["administrator"])

    assert "confirm/" not in client.get(waiting.get_absolute_url()).content.decode()
    press(client, waiting, "confirm")
    assert state(waiting) == "waiting"
    press(client, waiting, "withdraw")
    assert state(waiting) == "withdrawn"


def test_without_a_second_factor_nobody_confirms(waiting, second, settings):
    settings.CONSOLE_NEEDS_MFA = True

    answer = signed_in(second).post(f"{BOARD}{waiting.pk}/confirm/")

    assert answer["Location"] == "/accounts/2fa/"
    assert state(waiting) == "waiting"


@pytest.mark.parametrize("given", [False, True])
def test_a_second_factor_of_an_hour_ago_is_asked_for_again(waiting, second, strict, given):
    client = signed_in(second)
    if given:
        gives_factor(client, then=BOARD)
        an_hour_passes(client)

    answer = client.post(f"{BOARD}{waiting.pk}/confirm/")

    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=%2Factions%2Flimits")
    assert client.get(answer["Location"]).status_code == 200
    assert state(waiting) == "waiting"


def test_a_fresh_second_factor_confirms(waiting, second, strict):
    client = signed_in(second)
    gives_factor(client, then=BOARD)

    press(client, waiting, "confirm")

    assert state(waiting) == "applied"


def test_refusing_needs_a_reason_and_no_second_factor(waiting, second, strict):
    client = signed_in(second)

    assert press(client, waiting, "refuse", reason="").status_code == 400
    press(client, waiting, "refuse", reason="너무 많아요")

    assert state(waiting) == "refused"
    assert "너무 많아요" in client.get(waiting.get_absolute_url()).content.decode()


def test_a_link_never_confirms(waiting, second):
    assert signed_in(second).get(f"{BOARD}{waiting.pk}/confirm/").status_code == 405


def test_the_only_administrator_is_told_so_by_the_page_and_by_the_check(everyone, file):
    waiting = proposed(everyone["administrator"], 300)
    client = signed_in(everyone["administrator"])

    for page in (BOARD, waiting.get_absolute_url()):
        assert "유일한 관리자" in client.get(page).content.decode()
    assert "runbooks.W001" in warned()
    User.objects.create(username="ben", email="b@company.com", role="administrator")
    assert "runbooks.W001" not in warned()


def warned():
    return [one.id for one in run_checks(databases=["default"])]


def test_the_page_of_actions_leads_to_what_waits(waiting, everyone):
    assert BOARD in signed_in(everyone["administrator"]).get("/actions/").content.decode()


def test_many_cost_no_more_than_few(everyone, second, file):
    client = signed_in(second)
    found = []
    for count in (2, 20):
        for _ in range(count):
            proposed(everyone["administrator"], 300)
        found.append(cost(client, BOARD))

    assert Loosening.objects.count() == 22
    assert found[0] == found[1]
