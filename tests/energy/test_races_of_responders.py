"""Two workers at one shortage: each round is planned by both and written by one of them."""

from collections import Counter

import pytest

from energy import looking
from energy.models import EnergyPolicy, Response, Step, Wallet
from runbooks.domain.actions import Mode
from runbooks.models import Action, Limits
from tests.energy.ticks import around, watch
from tests.racers import Racers

pytestmark = pytest.mark.django_db(transaction=True)
JOB = "tests.energy.racing.respond"
ASKED = (
    "TRON_NODE_URL", "TRON_SECOND_NODE_URL", "WALLET_SERVICE_URL", "CATFEE_URL", "TRONSAVE_URL", "TRONZAP_URL",
)  # fmt: skip


def test_two_workers_at_one_shortage_take_each_step_once(seeded, firm, settings):
    """Without the look at the round in `rounds.write` both write theirs, and steps stand twice."""
    looking._prices.cache_clear()
    Wallet.objects.exclude(pk__in=[firm.hot.pk, firm.treasury.pk, firm.spare.pk]).delete()
    EnergyPolicy.objects.create()
    Limits.objects.update(mode=Mode.SHADOW)
    firm.act("drain", account="hot", left_percent=0.5)
    watch()
    watch()
    around(read=False)
    given = {"given": {name: getattr(settings, name) for name in ASKED}}
    with Racers(JOB, JOB, seed=11) as racers:
        for _ in range(8):
            Response.objects.update(ended_at="2026-01-01T00:00:00Z")
            assert racers.race(given, given) == [1, 1], "it begins"
            assert racers.race(given, given) == [1, 1]
            assert racers.race(given, given) == [1, 1]

    steps = Step.objects.filter(action__isnull=False)
    took = Counter(steps.values_list("response", "lever", "rail", "provider", "helper"))
    assert took
    assert set(took.values()) == {1}
    assert Action.objects.count() == steps.count()
