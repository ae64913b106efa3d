"""A site is green only by evidence, all of it, and none older than its limit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from maintenance.domain.continuity.points import Copy, Point
from maintenance.domain.continuity.readiness import Data, Facts, State, Targets, judged, state_of
from maintenance.domain.continuity.shedding import Need, fit
from maintenance.domain.continuity.times import Failover

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
TARGETS = Targets()


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


REPLICA = Point(Copy.REPLICA, "Busan", ago(seconds=2))
BACKUP = Point(Copy.BACKUP, "nightly", ago(hours=5), away=False)
DATA = Data("wallets", [REPLICA, BACKUP], 1, ago(days=3))
TRIAL = Failover("busan", ago(days=9), ago(days=9, minutes=20), ago(days=9, minutes=19), ago(days=9), None)  # fmt: skip
ALL = Facts(
    site="Busan", ready_within=timedelta(minutes=30), data=[DATA],
    fit=fit([Need("withdrawals", 1, 40), Need("web", 5, 20)], 50), load_at=NOW,
    hosts=3, answering=3, hosts_at=ago(minutes=1), approvers=2, runbook=True, trial=TRIAL,
)  # fmt: skip


def lacks(**changes):
    findings = judged(replace(ALL, **changes), TARGETS, NOW)
    return state_of(findings), [one for one in findings if one.state]


def test_with_all_evidence_it_is_green_and_says_what_would_be_shed():
    findings = judged(ALL, TARGETS, NOW)
    assert state_of(findings) is State.READY
    with override("en"):
        assert any("web would be shed" in str(one.says) for one in findings)


@pytest.mark.parametrize(
    ("changes", "state", "name", "words"),
    [
        ({"data": []}, State.UNKNOWN, "data", "not recorded"),
        ({"data": [replace(DATA, points=[BACKUP])]}, State.BAD, "point", "would survive the loss"),
        ({"data": [replace(DATA, points=[replace(REPLICA, until=ago(hours=3)), BACKUP])]}, State.BAD, "point", "up to 3 h"),
        ({"data": [replace(DATA, points=[REPLICA])]}, State.BAD, "backup", "no sound backup"),
        ({"data": [replace(DATA, points=[REPLICA, replace(BACKUP, until=ago(hours=30))])]}, State.BAD, "backup", "30 h old"),
        ({"data": [replace(DATA, restored_at=None)]}, State.UNKNOWN, "restore", "ever restored"),
        ({"data": [replace(DATA, restored_at=ago(days=40))]}, State.OLD, "restore", "40 days ago"),
        ({"data": [replace(DATA, leaders=2)]}, State.BAD, "leaders", "drift apart"),
        ({"hosts": 0}, State.UNKNOWN, "hosts", "No server"),
        ({"answering": 2}, State.BAD, "hosts", "2 of its 3"),
        ({"hosts_at": ago(hours=1)}, State.OLD, "hosts", "lately"),
        ({"hosts_at": None}, State.UNKNOWN, "hosts", "lately"),
        ({"fit": None}, State.UNKNOWN, "load", "not known"),
        ({"fit": fit([Need("wallet", 1, 60, essential=True)], 50)}, State.BAD, "load", "never shed"),
        ({"fit": fit([Need("wallet", 1, 10), Need("new", 2, None)], 50)}, State.UNKNOWN, "load", "new is not known"),
        ({"groundless": {"web": ["api"]}}, State.BAD, "services", "web needs api"),
        ({"approvers": 1}, State.BAD, "people", "two people"),
        ({"runbook": False}, State.BAD, "runbook", "missing"),
        ({"trial": None}, State.UNKNOWN, "trial", "Nobody has failed over"),
        ({"trial": replace(TRIAL, at=ago(days=120))}, State.OLD, "trial", "120 days ago"),
        ({"trial": replace(TRIAL, well_at=ago(days=9, minutes=50))}, State.BAD, "trial", "ready in 30 min"),
        ({"trial": replace(TRIAL, well_at=ago(days=9, hours=5))}, State.BAD, "trial", "RTO is 4 h"),
    ],
)  # fmt: skip
def test_what_it_lacks_is_named_with_what_to_do(changes, state, name, words):
    found, missing = lacks(**changes)
    assert found is state
    assert [one.name for one in missing] == [name]
    with override("en"):
        assert words in str(missing[0].says)
    assert missing[0].do


def test_nothing_known_is_not_green():
    assert state_of(judged(Facts("Cloud", timedelta(hours=2)), TARGETS, NOW)) is State.BAD
    assert state_of([]) is State.UNKNOWN
