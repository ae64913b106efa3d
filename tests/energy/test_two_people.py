"""Wallets and the energy policy in the console: what costs money waits for a second administrator."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import Refused
from energy.domain.loosening import CLOSED
from energy.models import EnergyPolicy, Wallet
from integrations.tron.addresses import from_hex
from runbooks.domain.actions import Caps
from runbooks.models import Loosening
from runbooks.services.loosening import approve, change
from teams.models import User
from tests.doors.conftest import browser, everyone
from tests.race import at_once, raised

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
WALLETS, POLICIES = "/console/energy/wallet/", "/console/energy/energypolicy/"
ADDRESS = from_hex(f"41{7:040x}")
TRX = 1_000_000


@pytest.fixture
def console(browser):
    return browser("administrator")


@pytest.fixture
def second(everyone):
    return User.objects.create(username="ben", email="b@company.com", role="administrator")


@pytest.fixture
def wallet(db):
    return Wallet.objects.create(
        name="핫월렛 1", address=ADDRESS, purchase_day_cap_sun=100 * TRX, level=3
    )


def saved(console, page, **changed):
    """The form as it is offered, with these fields changed."""
    form = console.get(page).context["adminform"].form
    offered = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    said = {name: value for name, value in (offered | changed).items() if value is not None}
    body = {name: value for name, value in said.items() if value is not False}
    return console.post(page, body, follow=True)


def confirmed(by):
    approve(Loosening.objects.get(state="waiting"), by=by, at=clock.now())


def test_a_lower_reserve_waits_and_a_higher_one_holds_at_once(console, wallet, second):
    page = f"{WALLETS}{wallet.pk}/change/"
    saved(console, page, reserve_sun=2_000 * TRX)
    wallet.refresh_from_db()
    assert wallet.reserve_sun == 2_000 * TRX

    saved(console, page, reserve_sun=TRX, reason="예비금이 남아요")
    wallet.refresh_from_db()
    assert wallet.reserve_sun == 2_000 * TRX

    confirmed(second)
    wallet.refresh_from_db()
    assert wallet.reserve_sun == TRX


def test_what_the_watching_wrote_meanwhile_is_not_overwritten(wallet, everyone):
    """The form holds a wallet for minutes, and how it stands changes every few seconds."""
    old = Wallet.objects.get(pk=wallet.pk)
    Wallet.objects.filter(pk=wallet.pk).update(level=1)
    old.purchase_day_cap_sun = 50 * TRX

    change("wallet", old, by=everyone["administrator"], at=clock.now())

    wallet.refresh_from_db()
    assert (wallet.level, wallet.purchase_day_cap_sun) == (1, 50 * TRX)


def test_an_emptied_cap_is_a_raise(console, wallet, second):
    saved(console, f"{WALLETS}{wallet.pk}/change/", purchase_day_cap_sun="", reason="종류별 한도로")

    assert Loosening.objects.get().fields == {"purchase_day_cap_sun": [100 * TRX, None]}


def test_a_new_wallet_is_watched_at_once_and_costs_nothing_until_somebody_agreed(console, second):
    saved(
        console, f"{WALLETS}add/", name="새 지갑", address=ADDRESS, action_cap_sun=5 * TRX,
        reserve_sun=TRX, warning_below=30, warning_until=35, reason="새 출금 지갑",
    )  # fmt: skip

    made = Wallet.objects.get(name="새 지갑")
    assert (made.enabled, made.warning_below, made.reserve_sun) == (True, 30, 1_000 * TRX)
    assert (made.caps, made.purchase_caps) == (Caps(0, 0, 0), Caps(0, 0, 0))
    confirmed(second)
    made.refresh_from_db()
    assert (made.action_cap_sun, made.reserve_sun) == (5 * TRX, TRX)
    assert {getattr(made, name) for name in CLOSED} == {5 * TRX, None}


def test_a_new_wallet_that_may_cost_nothing_waits_for_nobody(console):
    saved(console, f"{WALLETS}add/", name="새 지갑", address=ADDRESS, **CLOSED)

    assert Wallet.objects.filter(name="새 지갑").exists()
    assert not Loosening.objects.exists()


def test_a_tighter_policy_is_a_new_version_at_once_and_a_looser_part_waits(console, second):
    first = EnergyPolicy.now()

    saved(console, f"{POLICIES}add/", price_percent=80, restore_percent=40, reason="주말 대비")

    now = EnergyPolicy.now()
    assert now.pk != first.pk
    assert (now.price_percent, now.restore_percent) == (80, 20)
    assert now.made_by.username == "commander"
    confirmed(second)
    last = EnergyPolicy.now()
    assert last.pk != now.pk
    assert (last.price_percent, last.restore_percent) == (80, 40)


def test_a_policy_that_only_loosens_makes_no_version_until_it_is_confirmed(console, second):
    first = EnergyPolicy.now()

    answer = saved(
        console, f"{POLICIES}add/", critical="EMERGENCY_STAKING,BUY_ENERGY", reason="먼저 스테이킹"
    )

    assert answer.redirect_chain[-1][0] == Loosening.objects.get().get_absolute_url()
    assert EnergyPolicy.now().pk == first.pk
    confirmed(second)
    assert EnergyPolicy.now().critical == ["EMERGENCY_STAKING", "BUY_ENERGY"]


def test_spans_of_time_wait_as_well(console, second):
    saved(console, f"{POLICIES}add/", paused_for="00:01:00", reason="빨리 재개")

    assert EnergyPolicy.now().paused_for == timedelta(minutes=10)
    confirmed(second)
    assert EnergyPolicy.now().paused_for == timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_two_versions_made_at_once_lose_nothing_of_each_other(everyone):
    by = everyone["administrator"]
    EnergyPolicy.now()

    def tighter(**values):
        wanted = EnergyPolicy(**(wanted_of(EnergyPolicy.now()) | values))
        return lambda: change("policy", wanted, by=by, at=clock.now())

    found = at_once(tighter(price_percent=80), tighter(share_percent=70))

    # Whoever is second has read the first's value as a raise: it is asked for a reason, and nothing is lost.
    now = EnergyPolicy.now()
    assert [type(one) for one in raised(found)] == [Refused]
    assert (now.price_percent, now.share_percent) in {(80, 80), (100, 70)}


@pytest.mark.django_db(transaction=True)
def test_a_policy_confirmed_while_it_is_tightened_keeps_the_tighter_one(everyone, second):
    by = everyone["administrator"]
    for number in range(6):
        EnergyPolicy.objects.create(restore_percent=20)
        looser = EnergyPolicy(**(wanted_of(EnergyPolicy.now()) | {"restore_percent": 40}))
        waiting = change("policy", looser, by=by, at=clock.now(), reason="주말").waiting
        tighter = EnergyPolicy(**(wanted_of(EnergyPolicy.now()) | {"restore_percent": 15}))

        found = at_once(
            lambda it=waiting: approve(it, by=second, at=clock.now()),
            lambda it=tighter: change("policy", it, by=by, at=clock.now()),
        )

        assert all(isinstance(one, Refused) for one in raised(found)), number
        assert EnergyPolicy.now().restore_percent == 15


def wanted_of(policy):
    names = [one.name for one in EnergyPolicy._meta.fields if one.editable and not one.primary_key]
    return {name: getattr(policy, name) for name in names}
