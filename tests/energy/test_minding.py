"""A key that the chain lets do more than before, with the real signer against the sandbox's chain."""

import time
from datetime import timedelta

import pytest

from core import clock
from energy.services import minding
from energy.services.minding import mind_the_signer
from integrations import tron
from integrations.tron import SUN, Freeze
from monitoring.models import Alert
from runbooks.domain.actions import Mode
from runbooks.models import Limits

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN = 30.0
USUAL, WIDER, NARROWER = (54, 57, 58, 59), (1, 54, 57, 58, 59), (54,)


def told():
    mind_the_signer(at=clock.database_now())
    return {alert.key for alert in Alert.objects.open().filter(key__startswith="energy:signer")}


def until_told(expected):
    """The signer looks every fifth of a second; a crowded machine gets longer."""
    until = time.monotonic() + WITHIN
    while (found := told()) != expected:
        assert time.monotonic() < until, (found, expected)
        time.sleep(0.1)


def sign(company):
    owner = company.account("treasury")["address"]
    return tron.sign(tron.build(Freeze(owner, SUN), node=company.node, permission_id=2))


@pytest.fixture
def usual(company):
    usually = dict(company.environment)
    looking(company, unseen_after=30)
    yield company
    company.calm()
    company.http.delete("/tron2/faults")
    company.act("reset")
    company.environment.update(usually)
    company.restart_signer()


def looking(company, *, unseen_after):
    company.environment["TRON_SIGNER_LOOK_EVERY"] = "0.2"
    company.environment["TRON_SIGNER_UNSEEN_AFTER"] = str(unseen_after)
    company.restart_signer()


def test_a_permission_widened_while_it_runs_stops_the_signer_and_is_told(usual):
    sign(usual)
    assert told() == set()

    usual.act("permit", account="spare", types=WIDER)

    until_told({"energy:signer:refuses"})
    with pytest.raises(tron.SignerRefused, match="lets the key do more: types 1"):
        sign(usual)
    mind_the_signer(at=clock.database_now())
    alert = Alert.objects.get(key="energy:signer:refuses")
    assert "types 1" in alert.description

    usual.act("permit", account="spare", types=USUAL)
    until_told(set())
    sign(usual)


def test_fewer_rights_are_no_alarm(usual):
    usual.act("permit", account="treasury", types=NARROWER)
    time.sleep(1)
    assert told() == set()


def test_what_cannot_be_seen_for_long_is_not_signed_for(usual):
    looking(usual, unseen_after=1)
    for node in ("tron", "tron2"):
        wish = {"name": "unavailable", "count": 100_000, "match": "getaccount"}
        usual.http.post(f"/{node}/faults", json=wish).raise_for_status()

    until_told({"energy:signer:refuses"})
    with pytest.raises(tron.SignerRefused, match="was not seen for"):
        sign(usual)

    usual.http.delete("/tron2/faults")
    until_told(set())
    sign(usual)


def test_a_signer_that_is_away_is_told_where_it_is_needed(settings, tmp_path):
    settings.TRON_SIGNER_SOCKET = str(tmp_path / "none")
    Limits.of("energy.stake")
    at = clock.database_now()
    mind_the_signer(at=at)
    later = at + minding.PATIENCE

    mind_the_signer(at=later)
    assert not Alert.objects.filter(key="energy:signer:away").exists(), "all is in shadow"
    Limits.objects.update(mode=Mode.ON)
    mind_the_signer(at=later)
    mind_the_signer(at=later + timedelta(minutes=1))

    assert Alert.objects.open().filter(key="energy:signer:away").count() == 1
