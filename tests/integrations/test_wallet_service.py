"""Withdrawals held and let go, at a wallet service that really uses energy on the sandbox's chain."""

import time

import pytest

from integrations import wallet_service as service
from integrations.wallet_service import RateLimited, Rejected, Scope, Unconfirmed, Unknown
from tests.sandbox.conftest import running_sandbox  # noqa: F401 - a fixture

USDT = "trc20-usdt"
PAUSE = {"key": "response-1", "reason": "CRITICAL_ENERGY_SHORTAGE"}
EASE = {"hold": "response-1", "key": "response-1-end", "reason": "energy is back"}


class Place:
    def __init__(self, sandbox):
        self.http = sandbox.http

    def post(self, path, **wish):
        self.http.post(f"/wallet-service/{path}", json=wish).raise_for_status()

    def break_(self, name, **options):
        self.post("faults", name=name, count=1, **options)

    def used(self):
        return self.http.get("/chain.json").json()["accounts"]["hot"]["used"]


@pytest.fixture
def place(running_sandbox, settings):  # noqa: F811 - the fixture
    settings.WALLET_SERVICE_URL = f"{running_sandbox.url}/wallet-service"
    settings.WALLET_SERVICE_TIMEOUT = 2
    running_sandbox.http.post("/chain/reset", json={}).raise_for_status()
    place = Place(running_sandbox)
    place.post("reset")
    return place


def until(true):
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def test_a_withdrawal_uses_energy_of_the_hot_wallet(place):
    place.post("queue", rail=USDT, high=3)

    until(lambda: service.rail(USDT).sent == 3)

    assert 190_000 < place.used() <= 195_000
    assert service.rail("trx").sent == 0


def test_a_paused_rail_sends_nothing_and_the_others_go_on(place):
    paused = service.pause(USDT, **PAUSE)
    place.post("queue", rail=USDT, high=2, low=3)
    place.post("queue", rail="trx", normal=1)

    until(lambda: service.rail("trx").sent == 1)

    rail = service.rail(USDT)
    assert paused.paused
    assert (rail.waiting, rail.sending, rail.sent) == (5, 0, 0)
    assert place.used() == 0


def test_resuming_sends_what_waited(place):
    service.pause(USDT, **PAUSE)
    place.post("queue", rail=USDT, low=2)

    assert service.resume(USDT, **EASE).holds == ()
    until(lambda: service.rail(USDT).sent == 2)


def test_only_low_priorities_can_be_held(place):
    service.pause(USDT, **PAUSE, scope=Scope.LOW)
    place.post("queue", rail=USDT, high=1, normal=1, low=4)

    until(lambda: service.rail(USDT).sent == 2)

    assert service.rail(USDT).queued == {"high": 0, "normal": 0, "low": 4}


def test_a_pace_of_nothing_sends_nothing(place):
    held = service.pause(USDT, **PAUSE, scope=Scope.NONE, per_minute=0)

    assert not held.paused
    assert held.hold("response-1").per_minute == 0


def test_resuming_leaves_the_pause_of_somebody_else(place):
    service.pause(USDT, **PAUSE)
    service.pause(USDT, key="by-hand", reason="audit")

    after = service.resume(USDT, **EASE)

    assert after.paused
    assert [hold.key for hold in after.holds] == ["by-hand"]


@pytest.mark.parametrize("fault", ["hang", "lose_reply", "garbage", "unavailable"])
def test_after_a_lost_answer_the_same_call_is_one_pause(place, fault):
    place.break_(fault, match="pause")
    with pytest.raises(Unknown):
        service.pause(USDT, **PAUSE)

    assert len(service.pause(USDT, **PAUSE).holds) == 1


def test_a_pause_that_is_only_said_is_noticed(place):
    place.break_("ignored", match="pause")

    with pytest.raises(Unconfirmed):
        service.pause(USDT, **PAUSE)


def test_a_resume_that_is_only_said_is_noticed(place):
    service.pause(USDT, **PAUSE)
    place.break_("ignored", match="resume")

    with pytest.raises(Unconfirmed):
        service.resume(USDT, **EASE)


def test_a_late_repeat_of_a_pause_does_not_pause_again(place):
    service.pause(USDT, **PAUSE)
    service.resume(USDT, **EASE)

    with pytest.raises(Unconfirmed):
        service.pause(USDT, **PAUSE)

    assert not service.rail(USDT).paused


def test_one_key_is_one_pause(place):
    service.pause(USDT, **PAUSE)

    with pytest.raises(Rejected, match="another pause"):
        service.pause(USDT, key="response-1", reason="something else")


def test_refusals_and_limits_are_said(place):
    place.break_("rejected")
    with pytest.raises(Rejected):
        service.pause(USDT, **PAUSE)
    place.break_("limited", retry_after=9)
    with pytest.raises(RateLimited) as limited:
        service.pause(USDT, **PAUSE)
    with pytest.raises(Rejected):
        service.rail("no-such-rail")

    assert limited.value.retry_after == 9
    assert [rail.name for rail in service.rails() if rail.holds] == []


def test_a_service_that_is_away_is_unknown(place, settings):
    settings.WALLET_SERVICE_URL = "http://127.0.0.1:9"

    with pytest.raises(Unknown):
        service.pause(USDT, **PAUSE)


def test_without_energy_and_trx_withdrawals_fail_and_stay(place):
    place.http.post("/chain/drain", json={"account": "hot", "left_percent": 0})
    place.http.post("/chain/fund", json={"account": "hot", "trx": -60_000}).raise_for_status()
    place.post("queue", rail=USDT, normal=1)

    until(lambda: service.rail(USDT).failed)

    assert (service.rail(USDT).waiting, service.rail(USDT).sent) == (1, 0)
