"""What an incident cost on the chain reaches its postmortem; what is not known stays blank."""

import pytest

from core import clock
from energy.models import Purchase
from incidents import services as incidents
from incidents.models import Incident
from postmortems.services import draft
from runbooks.services import propose
from teams.models import User
from tests.energy.wallets import hot

pytestmark = pytest.mark.django_db


@pytest.fixture
def resolved(seeded: None) -> Incident:
    by, at = User.objects.get(username="commander"), clock.now()
    incident = incidents.declare("에너지 부족", severity="P1", by=by, at=at)
    incidents.resolve(incident, by=by, at=at)
    return incident


def test_what_was_paid_is_filled_in_and_only_energy_that_came(resolved: Incident) -> None:
    wallet, at = hot(), clock.now()
    given = {"wallet": wallet.pk, "provider": "catfee", "energy": 65_000, "name": wallet.name}
    for key, state, paid in (
        ("a", "arrived", 4_000_000),
        ("b", "never_came", 1_000_000),
        ("c", "not_bought", 0),
    ):
        action = propose("energy.buy", key, given, sun=9_000_000, incident=resolved, at=at)
        Purchase.objects.create(
            action=action, wallet=wallet, provider="catfee", energy=65_000, seconds=1, asked_at=at,
            state=state, paid_sun=paid,
        )  # fmt: skip

    written = draft(resolved, by=None, at=at)

    assert (written.trx_spent, written.energy_spent) == (5_000_000, 65_000)


def test_where_nothing_was_paid_it_is_asked_for(resolved: Incident) -> None:
    written = draft(resolved, by=None, at=clock.now())

    assert (written.trx_spent, written.energy_spent) == (None, None)
