"""Limits are set in the console and make sense; what happened is only read there."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from core import clock
from runbooks.models import Limits
from runbooks.services import approve, halt
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost
from tests.runbooks import effects

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
LIMITS = "/console/runbooks/limits/"
TRX = 1_000_000


@pytest.fixture
def console(browser, file):
    return browser("administrator")


def form(**changed):
    return {
        "mode": "on", "action_cap_sun": 100 * TRX, "day_cap_sun": 250 * TRX,
        "lifetime_cap_sun": 1_000 * TRX, "cooldown": "00:00:00", "valid_for": "01:00:00",
        "approval_above_sun": "", "second_above_sun": "",
    } | changed  # fmt: skip


def saved(console, **changed):
    row = Limits.of(effects.NAME)
    return console.post(f"{LIMITS}{row.pk}/change/", form(**changed))


def test_every_kind_is_listed_although_nobody_has_asked_for_it_yet(console):
    assert effects.NAME in console.get(LIMITS).content.decode()


def test_a_change_is_kept_with_what_it_was_before(console):
    assert saved(console, approval_above_sun=5 * TRX).status_code == 302

    row = Limits.of(effects.NAME)
    assert (row.mode, row.day_cap_sun, row.approval_above_sun) == ("on", 250 * TRX, 5 * TRX)
    told = LogEntry.objects.get().get_change_message().lower()
    assert "mode: shadow → on" in told
    assert f"approval_above_sun: none → {5 * TRX}" in told


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"action_cap_sun": 300 * TRX}, "24시간 한도보다"),
        ({"day_cap_sun": 2_000 * TRX}, "전체 기간 한도보다"),
        ({"approval_above_sun": 9 * TRX, "second_above_sun": TRX}, "두 사람"),
        ({"action_cap_sun": -1}, ""),
        ({"valid_for": "00:00:01"}, ""),
    ],
)
def test_limits_that_make_no_sense_are_refused(console, wrong, words):
    answer = saved(console, **wrong)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Limits.of(effects.NAME).mode == "shadow"


def test_amounts_are_said_in_trx_beside_the_sun(console):
    saved(console)
    row = Limits.of(effects.NAME)

    shown = console.get(f"{LIMITS}{row.pk}/change/").content.decode()

    assert "= 250\N{NO-BREAK SPACE}TRX" in shown


def test_what_happened_is_read_and_never_written(console, writing, everyone):
    Limits.of(effects.NAME)
    Limits.objects.update(mode="on")
    action = writing(at_least=1)
    approve(action, by=everyone["manager"], at=clock.now())
    stop = halt(by=everyone["manager"], at=clock.now(), reason="점검")

    for path in (f"action/{action.pk}", f"halt/{stop.pk}"):
        address = f"/console/runbooks/{path}/change/"
        assert console.get(address).status_code == 200
        assert console.post(address, {}).status_code == 403
        assert console.post(address.replace("change", "delete")).status_code == 403
    assert console.get("/console/runbooks/action/add/").status_code == 403


def test_the_list_of_actions_costs_the_same_with_many(console, writing):
    found = []
    for count in (2, 30):
        for n in range(count):
            writing(f"{count}-{n}", at=clock.now() - timedelta(minutes=n))
        found.append(cost(console, "/console/runbooks/action/"))

    assert found[0] == found[1]
