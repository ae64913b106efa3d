"""A proof proves little that cannot fail. Each scenario is played twice: as it is, and with one guard taken out.

With the guard there is one effect on the chain or at the market; without it there are two.
"""

import time
from datetime import timedelta

import pytest
from django.db import connection

from core import clock
from core.errors import Refused
from energy import looking
from energy.domain.settlement import State
from energy.models import ChainTransaction
from energy.models.transactions import TransactionQuerySet
from energy.services import buying, plan_transaction, settle
from integrations import tron
from integrations.tron import SUN, Freeze
from runbooks.domain.actions import Spent
from runbooks.models import Action, Limits
from runbooks.models.actions import ActionQuerySet, Before
from runbooks.services import execute_next, propose, reconcile_due

pytestmark = pytest.mark.django_db(transaction=True)
AMOUNT = 1_000 * SUN
PATIENCE = 30.0


@pytest.fixture(params=["guarded", "not guarded"])
def guarded(request):
    return request.param == "guarded"


def planned(firm, key, sun=AMOUNT):
    stake = Freeze(firm.treasury.address, sun)
    return plan_transaction(stake, wallet=firm.treasury, key=key, at=clock.database_now())


def all_over(firm):
    deadline = time.monotonic() + PATIENCE
    while ChainTransaction.objects.open().exists():
        assert time.monotonic() < deadline
        for row in ChainTransaction.objects.open():
            settle(row, node=firm.node, at=clock.database_now())
        time.sleep(0.1)


def stakes(firm):
    return (firm.account("treasury")["staked"] - 400_000 * SUN) / AMOUNT


def test_compare_and_set(firm, monkeypatch, guarded):
    """Somebody else signs, stores and sends between our signing and our storing."""
    row, real = planned(firm, "stake"), tron.sign

    def overtaken(unsigned):
        monkeypatch.setattr(tron, "sign", real)
        settle(ChainTransaction.objects.get(pk=row.pk), node=firm.node, at=clock.database_now())
        return real(unsigned)

    def blindly(rows, row, *_before, to, **facts):
        return bool(rows.filter(pk=row.pk).update(state=to, **facts))

    if not guarded:
        monkeypatch.setattr(TransactionQuerySet, "move", blindly)
    monkeypatch.setattr(tron, "sign", overtaken)

    settle(row, node=firm.node, at=clock.database_now())
    all_over(firm)

    assert stakes(firm) == (1 if guarded else 2)


def test_one_open_intent_of_a_wallet(firm, guarded):
    """Two responders decide at the same moment that the treasury stakes."""
    (one_open,) = [
        it for it in ChainTransaction._meta.constraints if it.name == "one_open_a_wallet"
    ]
    if not guarded:
        with connection.schema_editor() as editor:
            editor.remove_constraint(ChainTransaction, one_open)
    try:
        planned(firm, "one")
        try:
            planned(firm, "other")
        except Refused:
            assert guarded
        all_over(firm)
    finally:
        if not guarded:
            with connection.schema_editor() as editor:
                editor.add_constraint(ChainTransaction, one_open)

    assert stakes(firm) == (1 if guarded else 2)


def test_the_same_bytes_again(firm, guarded):
    """The node takes it, and its answer is lost: whoever makes another transaction stakes twice."""
    row = planned(firm, "stake")
    firm.break_("lose_reply", match="broadcast", count=1)
    settle(row, node=firm.node, at=clock.database_now())
    if not guarded:
        ChainTransaction.objects.filter(pk=row.pk).update(
            state=State.PLANNED, planned_at=clock.database_now()
        )
    all_over(firm)

    assert stakes(firm) == (1 if guarded else 2)


def ordered(firm, key="one", market="tronsave"):
    asked = {"wallet": firm.hot.pk, "name": "hot", "provider": market, "energy": 100_000}
    sun = 10 * SUN
    action = propose(
        "energy.buy", key, {**asked, "seconds": 3600}, sun=sun, at=clock.database_now()
    )
    execute_next(at=clock.database_now(), after=action.pk - 1)
    return action


def test_a_look_before_a_purchase_is_tried_again(firm, monkeypatch, guarded):
    """The market sells, and its answer is lost. TronSave does not know our key."""
    looking._prices.cache_clear()
    if not guarded:
        monkeypatch.setattr(buying, "recover", _buy_again)
    firm.trouble("markets/tronsave", "lose_reply")
    action = ordered(firm)
    deadline = time.monotonic() + PATIENCE
    while not Action.objects.get(pk=action.pk).is_over:
        assert time.monotonic() < deadline
        Action.objects.filter(pk=action.pk).update(look_at=None)
        reconcile_due(at=clock.database_now())

    assert len(firm.sales("tronsave")) == (1 if guarded else 2)


def _buy_again(provider, quote, key, *, max_total_sun, since):
    again = provider.quote(quote.receiver, quote.energy, quote.seconds)
    return provider.buy(again, key, max_total_sun)


def test_the_budget_of_24_hours(firm, monkeypatch, guarded):
    """There is money for one."""
    looking._prices.cache_clear()
    Limits.objects.filter(kind="energy.buy").update(day_cap_sun=15 * SUN, cooldown=timedelta(0))
    if not guarded:
        monkeypatch.setattr(
            ActionQuerySet, "before", lambda _rows, _action, *, now: Before(Spent(), None)
        )

    ordered(firm, "one")
    ordered(firm, "two")

    assert len(firm.sales("tronsave")) == (1 if guarded else 2)
