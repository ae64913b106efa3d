"""From what a node says to the alert: two readings, states, failures, and who reads what."""

import threading
from datetime import datetime, timedelta

import pytest

from energy import services
from energy.domain.measuring import Failed, Fault, Measured, measure
from energy.domain.states import Level, State
from energy.models import EnergyPolicy, Reading, Response, Role, Wallet
from energy.screens.rows import rows_of
from energy.services import watching
from energy.services.hastening import hasten
from energy.words import ENDS_SOON
from incidents.models import Incident
from incidents.services import take_in
from monitoring.models import Alert, Metric
from tests.energy.wallets import LIMIT, NOW, OTHER, hot, saying, seen

pytestmark = pytest.mark.django_db
STEP = timedelta(seconds=30)
LOST = Failed(Fault.UNREACHABLE, "ConnectError")


def read(*percents: float | Failed, start=NOW) -> Wallet:
    """One tick each, thirty seconds apart."""
    for number, percent in enumerate(percents):
        at = start + STEP * number
        looked = percent if isinstance(percent, Failed) else measure(seen(percent, at), at=at)
        services.watch(at=at, look=saying(looked))
    return Wallet.objects.get()


def open_alerts() -> set[str]:
    return {alert.labels["alertname"] for alert in Alert.objects.filter(resolved_at=None)}


def test_a_wallet_is_read_and_its_energy_becomes_a_sample() -> None:
    hot()

    wallet = read(60)

    reading = Reading.objects.get()
    assert (reading.left, reading.percent, reading.valid) == (6_000_000, 60.0, True)
    assert (wallet.state, wallet.last, wallet.due_at) == (State.OK, reading, NOW + STEP)
    assert {"energy_left", "energy_available", "energy_limit", "trx_balance"} <= set(
        Metric.objects.values_list("name", flat=True)
    )


def test_it_is_told_at_once_and_confirmed_by_the_next_reading() -> None:
    hot()

    wallet = read(60, 4)

    assert (wallet.level, wallet.confirmed) == (Level.EMERGENCY, Level.OK)
    assert open_alerts() == {"energy_warning", "energy_emergency"}
    wallet = read(4, start=NOW + 2 * STEP)
    assert wallet.confirmed == Level.EMERGENCY


def burning(percents, *, start=NOW) -> Wallet:
    """As `read`, and looked ahead after each reading."""
    for number, percent in enumerate(percents):
        wallet = read(percent, start=start + STEP * number)
        services.foresee(at=start + STEP * number)
    wallet.refresh_from_db()
    return wallet


def test_what_ends_soon_is_told_while_the_percentage_is_fine_and_ends_by_itself() -> None:
    """Two percent each half minute: 60 % are gone in a quarter of an hour."""
    hot()

    wallet = burning(range(90, 58, -2))

    assert (wallet.state, wallet.lasts_short) == (State.OK, True)
    alert = Alert.objects.get(labels__alertname="energy_runway")
    assert alert.severity == "P2"
    assert open_alerts() == {"energy_runway"}
    [row] = rows_of([wallet], at=NOW + 16 * STEP)
    assert (row.word, row.tone) == (ENDS_SOON, "p2")

    burning([60] * 4, start=NOW + 60 * STEP)
    assert open_alerts() == set()


def test_each_reading_is_looked_ahead_from_once_and_one_alone_tells_nothing() -> None:
    hot()
    wallet = read(*range(90, 70, -2))

    assert [services.foresee(at=NOW + 10 * STEP) for _ in range(3)] == [1, 0, 0]
    wallet.refresh_from_db()
    assert (wallet.lasts_short, wallet.lasts_turning) == (False, 1)
    assert open_alerts() == set()


def test_a_wallet_that_nobody_watches_any_more_ends_nothing_soon() -> None:
    hot()
    burning(range(90, 58, -2))
    Wallet.objects.update(enabled=False)

    services.foresee(at=NOW + 17 * STEP)

    assert open_alerts() == set()


def test_an_emergency_is_not_told_a_second_time_by_its_runway() -> None:
    hot(runway_below=timedelta(0), worst_runway_below=timedelta(0))
    burning(range(60, 4, -4))
    Wallet.objects.update(runway_below=timedelta(hours=1))

    burning([4, 3, 3], start=NOW + 15 * STEP)

    assert open_alerts() == {"energy_warning", "energy_emergency"}


def due_in(wallet: Wallet, at: datetime) -> timedelta:
    wallet.refresh_from_db()
    hasten(at=at)
    wallet.refresh_from_db()
    due: datetime = wallet.due_at
    return due - at


def test_it_is_read_sooner_while_an_incident_of_its_alerts_is_open(seeded) -> None:
    Wallet.objects.all().delete()
    hot()
    wallet = read(60, 15)
    assert due_in(wallet, NOW + STEP) == timedelta(seconds=30)
    while take_in(at=NOW + STEP):
        pass
    assert Incident.objects.open().count() == 1

    assert due_in(wallet, NOW + STEP) == timedelta(seconds=10)
    assert due_in(wallet, NOW + STEP) == timedelta(seconds=10), "and not sooner still"
    wallet = read(60, 60, start=NOW + 2 * STEP)
    assert due_in(wallet, NOW + 3 * STEP) == timedelta(seconds=10), "the incident is open still"
    Incident.objects.update(status="resolved", resolved_at=NOW + 3 * STEP)
    wallet = read(60, start=NOW + 4 * STEP)
    assert due_in(wallet, NOW + 4 * STEP) == timedelta(seconds=30)


def test_while_a_response_is_open_treasuries_are_read_sooner_too() -> None:
    short = hot()
    other = hot(name="Treasury", address=OTHER, role=Role.TREASURY)
    Wallet.objects.update(due_at=NOW + STEP)
    response = Response.objects.create(
        wallet=short, policy=EnergyPolicy.now(), level=2, began_at=NOW
    )

    assert [due_in(one, NOW).total_seconds() for one in (short, other)] == [10, 10]
    Wallet.objects.update(due_at=NOW + STEP)
    Response.objects.filter(pk=response.pk).update(ended_at=NOW)
    assert [due_in(one, NOW).total_seconds() for one in (short, other)] == [30, 30]


def test_an_emergency_that_becomes_critical_is_told_again_and_ends_alone() -> None:
    hot()

    read(60, 4, 0.5)

    assert open_alerts() == {"energy_warning", "energy_emergency", "energy_critical"}
    assert Alert.objects.get(key__endswith="critical").severity == "P0"
    read(15, 15, start=NOW + 3 * STEP)
    assert open_alerts() == {"energy_warning"}
    read(40, 40, start=NOW + 5 * STEP)
    assert open_alerts() == set()


@pytest.mark.parametrize(
    "looked",
    [
        LOST,
        measure(seen(60, total_limit=None, total_weight=None, used=0, limit=0), at=NOW),
        measure(seen(60, head_at=NOW - timedelta(minutes=5)), at=NOW),
        measure(seen(60, limit=LIMIT // 2), at=NOW),
        RuntimeError("something else"),
    ],
    ids=["unreachable", "error body", "stale head", "limit differs", "a surprise"],
)
def test_what_cannot_be_measured_is_one_alert_and_never_nothing_left(looked) -> None:
    hot()
    read(60)

    for number in range(1, 4):
        services.watch(at=NOW + STEP * number, look=saying(looked))

    wallet = Wallet.objects.get()
    assert wallet.state == State.MEASUREMENT_FAILED
    assert (wallet.level, wallet.confirmed) == (Level.OK, Level.OK)
    assert open_alerts() == {"energy_measurement_failed"}
    assert Alert.objects.count() == 1
    read(60, start=NOW + 4 * STEP)
    assert open_alerts() == set()


def test_while_nothing_is_known_an_emergency_goes_on() -> None:
    hot()

    wallet = read(4, 4, LOST, LOST)

    assert wallet.confirmed == Level.OK
    assert "energy_emergency" in open_alerts()


def test_no_capacity_is_told_as_such() -> None:
    hot()

    services.watch(at=NOW, look=saying(measure(seen(0, used=0, limit=0, staked_sun=0), at=NOW)))

    assert Wallet.objects.get().state == State.NO_CAPACITY
    assert open_alerts() == {"energy_no_capacity"}


def test_a_treasury_that_lent_all_away_is_no_emergency() -> None:
    hot(role=Role.TREASURY)

    read(0)

    assert open_alerts() == set()


def test_a_wallet_short_of_energy_is_read_every_ten_seconds() -> None:
    hot()

    wallet = read(4)

    assert due_in(wallet, NOW) == timedelta(seconds=10)


def test_a_reading_knows_what_was_used_since_the_one_before() -> None:
    hot()
    services.watch(at=NOW, look=saying(measure(seen(60), at=NOW)))
    at = NOW + STEP

    # 4,000,000 used decay by 1,388.9 in 30 s of a day.
    services.watch(at=at, look=saying(measure(seen(60, at, used=4_063_611), at=at)))

    last = Reading.objects.first()
    assert last is not None
    assert (last.burned, last.burned_seconds) == (65_000, 30.0)


def test_a_wallet_that_is_being_read_is_left_to_whoever_reads_it() -> None:
    hot()
    asked: list[int] = []

    def look(_address: str) -> Measured | Failed:
        return LOST

    first = watching._claim(NOW)
    asked.append(services.watch(at=NOW, look=look))
    assert (len(first), asked) == (1, [0])

    # Who died is forgotten after the lease, and what it brings then is not kept.
    assert services.watch(at=NOW + timedelta(seconds=21), look=look) == 1
    watching.keep([(first[0], LOST)], at=NOW)
    assert Reading.objects.count() == 1


def test_wallets_are_asked_about_at_the_same_time() -> None:
    hot()
    hot(name="Other", address=OTHER)
    both = threading.Barrier(2, timeout=5)

    def look(_address: str) -> Measured | Failed:
        both.wait()
        return measure(seen(60), at=NOW)

    services.watch(at=NOW, look=look)

    assert Reading.objects.valid().count() == 2


def test_who_does_not_answer_by_the_deadline_has_failed(monkeypatch) -> None:
    monkeypatch.setattr(watching, "DEADLINE", 0.2)
    hot()
    over = threading.Event()

    def look(_address: str) -> Measured | Failed:
        over.wait(5)
        return LOST

    services.watch(at=NOW, look=look)
    over.set()

    assert Reading.objects.get().detail == "no answer in time"


def look_after(seconds) -> int:
    """As its tick does, every fifteen seconds from the first to the last."""
    found = [
        services.watch_the_watching(at=NOW + timedelta(seconds=after))
        for after in range(seconds.start, seconds.stop, 15)
    ]
    return sum(found)


def test_no_valid_reading_for_three_periods_is_told_by_somebody_else() -> None:
    hot()

    assert look_after(range(76)) == 0
    assert look_after(range(90, 121)) == 1
    assert open_alerts() == {"energy_unseen"}

    read(60, start=NOW + timedelta(seconds=130))
    assert look_after(range(135, 136)) == 1
    assert open_alerts() == set()


def test_after_a_night_in_which_nothing_ran_nobody_is_woken() -> None:
    hot()
    look_after(range(46))

    assert look_after(range(36_000, 36_076)) == 0
    assert look_after(range(36_090, 36_091)) == 1


def test_alerts_of_a_wallet_become_one_incident() -> None:
    hot()
    read(4, 0.5)

    assert len(set(Alert.objects.values_list("group", flat=True))) == 1


def test_readings_go_after_ninety_days() -> None:
    hot()
    read(60)

    services.prune(at=NOW + timedelta(days=91))

    assert not Reading.objects.exists()
    assert Wallet.objects.get().last is None
