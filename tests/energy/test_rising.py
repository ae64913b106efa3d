"""Confirmed by the chain, and the limit did not rise: told as its own outcome, and never paid for twice."""

from datetime import timedelta

import pytest
from django.db.models import F

from core import clock
from core.errors import Refused
from energy import services
from energy.domain.responses import Result, Status, result_of, status_of
from energy.domain.rising import UNSEEN, WITHIN, Rise, judge, risen
from energy.domain.states import Level
from energy.models import ChainTransaction, Purchase, Response, Step, Wallet
from energy.services import rising
from incidents.models import Event
from monitoring.models import Alert
from runbooks.domain.actions import Mode, State
from runbooks.models import Action
from teams.models import User
from tests.energy.shortage import only, reported, results
from tests.energy.ticks import around, until, watch

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("shown", "waited", "rise"),
    [
        (100, SECOND, Rise.ROSE),
        (95, SECOND, Rise.ROSE),
        (94, WITHIN - SECOND, Rise.WAITS),
        (94, WITHIN, Rise.MISSING),
        (0, WITHIN, Rise.MISSING),
        (None, WITHIN, Rise.WAITS),
        (None, UNSEEN, Rise.MISSING),
        (95, UNSEEN, Rise.ROSE),
    ],
)
def test_it_has_risen_when_readings_show_it_and_is_missing_after_a_minute(shown, waited, rise):
    assert judge(100, shown, waited=waited) is rise


@pytest.mark.parametrize(
    ("before", "now", "gone", "elsewhere", "shown"),
    [
        (500, 600, 0, 0, 100),
        (500, 500, 100, 0, 100),  # a rental ended meanwhile
        (500, 600, 0, 100, 0),  # what rose came from elsewhere
        (500, 400, 0, 0, 0),
    ],
)
def test_what_ended_and_what_others_brought_is_told_apart(before, now, gone, elsewhere, shown):
    assert risen(before, now, gone_sun=gone, elsewhere_sun=elsewhere) == shown


@pytest.mark.parametrize(
    ("state", "rise", "result"),
    [
        (State.CONFIRMED, Rise.WAITS, Result.RUNNING),
        (State.CONFIRMED, Rise.ROSE, Result.DONE),
        (State.CONFIRMED, Rise.MISSING, Result.NO_RISE),
        (State.UNKNOWN, Rise.MISSING, Result.NO_RISE),
        (State.UNKNOWN, Rise.WAITS, Result.RUNNING),
        (State.LOST, Rise.MISSING, Result.NEVER_CAME),
        (State.FAILED, Rise.WAITS, Result.FAILED),
    ],
)
def test_confirmed_is_not_done_until_it_shows(state, rise, result):
    assert result_of(state, rise=rise) is result


def test_what_does_not_show_is_no_success():
    assert status_of(Level.CRITICAL, [Result.NO_RISE], short=False) is Status.CRITICAL_FAILED
    both = [Result.DONE, Result.NO_RISE]
    assert status_of(Level.CRITICAL, both, short=False) is Status.CRITICAL_PARTIAL


@pytest.fixture
def stuck(shop):
    """From here on both nodes tell of accounts as they are now."""

    def begin():
        for node in ("tron", "tron2"):
            shop.trouble(node, "accounts_stuck", count=10**6)

    def end():
        for node in ("tron", "tron2"):
            shop.http.delete(f"/{node}/faults").raise_for_status()

    shop.stick, shop.unstick = begin, end
    yield shop
    end()


def alert():
    return Alert.objects.filter(labels__alertname="energy_no_rise").get()


def a_minute_later():
    rows = ChainTransaction.objects.filter(state="done")
    rows.update(settled_at=F("settled_at") - (WITHIN + SECOND))


def short_and_stuck(shop):
    """One treasury has something idle."""
    shop.act("drain", account="hot", left_percent=0.5)
    shop.act("drain", account="treasury", left_percent=0)
    shop.stick()
    watch()
    watch()
    return until(Response.objects.first)


def lent_in_vain(shop):
    response = short_and_stuck(shop)
    until(lambda: Action.objects.filter(kind="energy.delegate", state="confirmed").exists())
    assert ("DELEGATE_ENERGY", "running") in results(response), "nobody has seen it yet"
    around()
    a_minute_later()
    until(lambda: ("DELEGATE_ENERGY", "no_rise") in results(response))
    return response


pytestmark = pytest.mark.django_db(transaction=True)


def test_a_delegation_that_never_shows_is_told_and_nothing_else_is_paid_for(stuck, client):
    response = reported(lent_in_vain(stuck))

    assert response.status == "CRITICAL_RESPONSE_PARTIAL"
    told = alert()
    assert (told.severity, told.resolved_at) == ("P1", None)
    assert "DELEGATE_ENERGY" in told.title
    for _ in range(6):
        around()
    assert not Action.objects.filter(kind__in=["energy.buy", "energy.stake"]).exists()
    why = {one.lever: one.why for one in response.steps.filter(action=None)}
    assert why["BUY_ENERGY"] == why["EMERGENCY_STAKING"] == "no_rise"
    assert Event.objects.filter(kind="energy_no_rise").count() == 1
    assert Alert.objects.filter(labels__alertname="energy_no_rise").count() == 1
    client.force_login(User.objects.get(username="commander"))
    step = Step.objects.missing().get()
    assert f"/energy/steps/{step.pk}/go-on/" in client.get("/energy/").content.decode()
    assert client.get(f"/energy/steps/{step.pk}/go-on/").status_code == 200


def test_it_is_over_when_it_shows_after_all(stuck):
    response = reported(lent_in_vain(stuck))

    stuck.unstick()

    until(lambda: ("DELEGATE_ENERGY", "done") in results(response))
    assert alert().resolved_at is not None
    assert Event.objects.filter(kind="energy_rose_late").count() == 1
    until(lambda: Response.objects.filter(ended_at__isnull=False).exists())
    assert not Action.objects.filter(kind="energy.buy").exists()


def test_it_is_over_with_the_response(stuck):
    """The energy comes back by itself; the delegation still does not show."""
    response = reported(lent_in_vain(stuck))
    step = Step.objects.missing().get()

    rising.forget(response, at=clock.database_now())

    assert alert().resolved_at is not None
    assert step.result is Result.NO_RISE, "what it came to stays"


def test_a_person_goes_on_without_it_and_only_then_is_something_bought(stuck, client):
    response = reported(lent_in_vain(stuck))
    Wallet.objects.filter(pk=stuck.spare.pk).update(enabled=False)
    only(stuck, energy__delegate=Mode.OFF)
    client.force_login(User.objects.get(username="commander"))
    step = Step.objects.missing().get()

    client.post(f"/energy/steps/{step.pk}/go-on/")

    until(lambda: Action.objects.filter(kind="energy.buy").exists())
    assert Event.objects.get(kind="energy_gone_on").actor_user.username == "commander"
    assert alert().resolved_at is None
    with pytest.raises(Refused):
        services.go_on(step, by=User.objects.first(), at=clock.database_now())
    assert ("DELEGATE_ENERGY", "no_rise") in results(response)


def test_a_purchase_that_the_chain_has_delegated_and_does_not_show_is_not_made_twice(stuck):
    """By the market's word alone it would be late, and the next market asked."""
    only(stuck, energy__delegate=Mode.OFF)
    response = short_and_stuck(stuck)
    until(lambda: Purchase.objects.filter(state="ordered").exists())
    Purchase.objects.update(asked_at=clock.database_now() - timedelta(seconds=61))

    until(lambda: ("BUY_ENERGY", "no_rise") in results(response))

    for _ in range(6):
        around()
    assert sum(len(stuck.sales(one)) for one in ("tronzap", "catfee", "tronsave")) == 1
    assert Action.objects.filter(kind="energy.stake").count() == 0
    assert alert().resolved_at is None
    stuck.unstick()
    until(lambda: ("BUY_ENERGY", "done") in results(response))
    assert alert().resolved_at is not None
