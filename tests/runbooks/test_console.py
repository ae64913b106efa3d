"""Limits are set in the console and make sense; what happened is only read there."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from core import clock
from runbooks.models import Limits, Loosening
from runbooks.services import approve, halt
from teams.models import User
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
        "approval_above_sun": "", "second_above_sun": "", "reason": "",
    } | changed  # fmt: skip


@pytest.fixture
def row(file):
    """As `form` has it: what is posted unchanged changes nothing."""
    found = Limits.of(effects.NAME)
    values = {name: value for name, value in form().items() if name.endswith("_sun") and value}
    Limits.objects.filter(pk=found.pk).update(mode="on", cooldown="0", valid_for="1 hour", **values)
    Limits.objects.filter(pk=found.pk).update(approval_above_sun=None, second_above_sun=None)
    return Limits.objects.get(pk=found.pk)


def saved(console, *, follow=False, **changed):
    row = Limits.of(effects.NAME)
    return console.post(f"{LIMITS}{row.pk}/change/", form(**changed), follow=follow)


def test_every_kind_is_listed_although_nobody_has_asked_for_it_yet(console):
    assert effects.NAME in console.get(LIMITS).content.decode()


def test_a_change_is_kept_with_what_it_was_before(console, row):
    assert saved(console, approval_above_sun=5 * TRX, mode="shadow").status_code == 302

    row.refresh_from_db()
    assert (row.mode, row.day_cap_sun, row.approval_above_sun) == ("shadow", 250 * TRX, 5 * TRX)
    told = LogEntry.objects.get().get_change_message().lower()
    assert "mode: on → shadow" in told
    assert f"approval_above_sun: none → {5 * TRX}" in told


def test_what_loosens_asks_for_a_reason_and_waits(console, row):
    without = saved(console, day_cap_sun=300 * TRX, action_cap_sun=50 * TRX)
    assert without.status_code == 200
    assert "왜 느슨하게" in without.content.decode()

    answer = saved(
        console, day_cap_sun=300 * TRX, action_cap_sun=50 * TRX, reason="주말 출금", follow=True
    )

    waiting = Loosening.objects.get()
    assert answer.redirect_chain[-1][0] == waiting.get_absolute_url()
    shown = answer.content.decode()
    assert "주말 출금" in shown
    assert "250\N{NO-BREAK SPACE}TRX" in shown
    assert "300\N{NO-BREAK SPACE}TRX" in shown
    row.refresh_from_db()
    assert (row.action_cap_sun, row.day_cap_sun) == (50 * TRX, 250 * TRX)
    told = LogEntry.objects.get().get_change_message()
    assert f"proposed (#{waiting.pk}) day_cap_sun" in told.lower()


def test_the_form_says_what_waits_and_that_nobody_else_may_confirm(console, row):
    saved(console, day_cap_sun=300 * TRX, reason="주말 출금")
    waiting = Loosening.objects.get()

    shown = console.get(f"{LIMITS}{row.pk}/change/").content.decode()

    assert waiting.get_absolute_url() in shown
    assert "유일한 관리자" in shown
    User.objects.create(username="ben", email="b@company.com", role="administrator")
    assert "유일한 관리자" not in console.get(f"{LIMITS}{row.pk}/change/").content.decode()


def test_a_form_that_was_open_while_a_cap_was_lowered_does_not_raise_it_again(console, row):
    """Its old value would be a raise now: it is asked for a reason instead of saved."""
    Limits.objects.filter(pk=row.pk).update(day_cap_sun=120 * TRX)

    assert saved(console, cooldown="00:01:00").status_code == 200

    row.refresh_from_db()
    assert row.day_cap_sun == 120 * TRX


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
def test_limits_that_make_no_sense_are_refused(console, row, wrong, words):
    answer = saved(console, **wrong)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Limits.of(effects.NAME).action_cap_sun == 100 * TRX


def test_amounts_are_said_in_trx_beside_the_sun(console, row):
    shown = console.get(f"{LIMITS}{row.pk}/change/").content.decode()

    assert "지금 값은 250\N{NO-BREAK SPACE}TRX예요." in shown


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
