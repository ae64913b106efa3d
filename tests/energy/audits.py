"""What is on the chain, in the markets' books and on the rails, held against what the rows say."""

from collections import Counter

from django.db.models import Sum

from energy.models import ChainTransaction, Purchase, PurchaseState
from integrations.tron import SUN, CancelUnfreezes, Delegate, Freeze
from runbooks.domain.actions import OPEN, PAID, State
from runbooks.models import Action
from tests.energy.company import MARKETS


def audit(shop, responses, budget, spent, *, unstaking=0):
    steps = [step for each in responses for step in each.steps.with_results() if step.action]
    doubled = Counter(
        (one.response_id, one.round, one.lever, one.rail, one.provider, one.helper_id)
        for one in steps
    )
    assert not doubled or max(doubled.values()) == 1
    for kind, before in spent.items():
        assert spent_by(kind) <= before + budget[kind], kind
    ours = [one.action_id for one in steps]

    sales = [{"market": name, **sale} for name in MARKETS for sale in shop.sales(name)]
    bought = Purchase.objects.filter(action__in=ours).exclude(state=PurchaseState.NOT_BOUGHT)
    known = {one.order_id for one in bought} - {""}
    unheard = Counter(one.provider for one in bought if not one.order_id)
    told = sales, list(Purchase.objects.filter(action__in=ours).values())
    assert known <= {sale["id"] for sale in sales}, told
    assert Counter(sale["market"] for sale in sales if sale["id"] not in known) <= unheard, told
    paid = Action.objects.filter(pk__in=ours, kind="energy.buy", state__in=PAID)
    counted = sum(one.sun for one in paid)
    assert sum(sale["paid_sun"] for sale in sales) <= counted
    assert unheard or sum(sale["paid_sun"] for sale in sales) == counted

    keys = {f"{one.action.kind}:{one.action.key}": one.action for one in steps}
    chain = ChainTransaction.objects.filter(key__in=keys)
    for row in chain:
        assert (row.state == "done") == (keys[row.key].state == State.CONFIRMED), row.key
    done = chain.filter(state="done")
    staked = sum(one.sun for one in done if one.contract == Freeze.name)
    lent = sum(one.sun for one in done if one.contract == Delegate.name)
    treasury, spare = shop.account("treasury"), shop.account("spare")
    cancelled = any(one.contract == CancelUnfreezes.name for one in done)
    assert treasury["unstaking"] == (0 if cancelled else unstaking)
    owned = treasury["staked"] + treasury["delegated"] + treasury["unstaking"]
    assert owned == 400_000 * SUN + staked
    assert treasury["delegated"] + spare["delegated"] == lent
    assert treasury["balance"] >= 2_500_000 * SUN - staked - 10 * SUN
    assert shop.rail()["holds"] == []
    assert not any(each.pauses.open().exists() for each in responses)


def spent_by(kind):
    rows = Action.objects.filter(kind=kind, state__in=PAID | OPEN)
    return int(rows.aggregate(sun=Sum("sun"))["sun"] or 0)
