"""Recovery points, recovery times and shedding, as tables."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from integrations.pg_replicas import place_of
from maintenance.domain.continuity.lags import Mark, Seen, safe_until
from maintenance.domain.continuity.points import Copy, Loss, Point, counting, worst
from maintenance.domain.continuity.shedding import Need, fit, without_ground
from maintenance.domain.continuity.times import Failover, Span, last_to
from maintenance.domain.continuity.wording import length, ranged

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("place", "replayed", "marks", "behind"),
    [
        # It stands where the primary stood a moment ago: nobody has written for an hour, and nothing is missing.
        (100, 3600, [(1, 100)], 1),
        # Somebody writes: of the last look it has nothing, of the one before all.
        (100, None, [(1, 130), (61, 100)], 61),
        # The last commit it shows says more than looks once a minute.
        (100, 2, [(1, 130), (61, 100)], 2),
        # It fell behind, and neither hides it.
        (100, 600, [(1, 900), (61, 800), (700, 100)], 600),
        # Nothing is known of the primary: the last commit alone.
        (100, 40, [], 40),
        (100, None, [], None),
        # A look after it was read says nothing about then.
        (100, None, [(-5, 100)], None),
        # A clock that is ahead does not make it safer than now.
        (100, -30, [], 0),
    ],
)
def test_a_replica_is_behind_by_the_lower_of_two_bounds(place, replayed, marks, behind):
    seen = Seen(NOW, place, None if replayed is None else ago(replayed))
    found = safe_until(seen, [Mark(ago(at), where) for at, where in marks])
    assert found == (None if behind is None else ago(behind))


@given(
    commits=st.lists(st.integers(1, 10_000), min_size=1, max_size=40, unique=True),
    has=st.integers(0, 40), looks=st.lists(st.integers(0, 10_000), max_size=10),
)  # fmt: skip
def test_what_is_called_safe_is_never_missing(commits, has, looks):
    """Commit number n is at place n; the primary is looked at now and then."""
    moments = sorted(commits)
    received = min(has, len(moments))
    marks = [Mark(ago(20_000 - look), sum(at <= look for at in moments)) for look in looks]
    found = safe_until(Seen(NOW, received), marks)
    missing = [ago(20_000 - at) for at in moments[received:]]
    assert found is None or all(at > found for at in missing)


def test_a_place_in_the_log_is_a_number():
    assert place_of("0/3000148") == 0x3000148
    assert place_of("2/0") == 2 << 32


REPLICA = Point(Copy.REPLICA, "Busan", ago(5))
SLOW = Point(Copy.REPLICA, "Cloud", ago(90))
HERE = Point(Copy.BACKUP, "nightly", ago(7200), away=False)
AWAY = Point(Copy.BACKUP, "weekly", ago(86_400 * 3))


@pytest.mark.parametrize(
    ("points", "site", "data"),
    [
        ([REPLICA, SLOW, HERE, AWAY], REPLICA, HERE),
        ([SLOW, HERE], SLOW, HERE),
        ([HERE], None, HERE),
        ([HERE, AWAY], AWAY, HERE),
        ([REPLICA], REPLICA, None),
        ([], None, None),
    ],
)
def test_the_newest_copy_that_survives_counts_and_a_replica_repeats_what_is_destroyed(
    points, site, data
):
    assert counting(points, Loss.SITE) is site
    assert counting(points, Loss.DATA) is data


def test_of_several_data_the_worst_speaks_and_one_without_a_copy_before_all():
    assert worst([("a", REPLICA), ("b", SLOW)], NOW) == ("b", timedelta(seconds=90))
    assert worst([("a", REPLICA), ("b", None)], NOW) == ("b", None)
    assert worst([], NOW) is None


LOADS = [
    Need("withdrawals", 1, 18, essential=True), Need("wallet", 1, 14, essential=True),
    Need("deposits", 2, 12), Need("api", 3, 10), Need("web", 6, 6), Need("admin", 8, 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("capacity", "shed", "fits"),
    [
        (100, [], True),
        (62, [], True),
        (61, ["admin"], True),
        (50, ["api", "web", "admin"], True),  # admin alone had room: the list is cut at one place
        (32, ["deposits", "api", "web", "admin"], True),
        (25, ["deposits", "api", "web", "admin"], False),  # what is never shed takes more
    ],
)
def test_the_least_important_goes_first(capacity, shed, fits):
    found = fit(LOADS, capacity)
    assert [one.service for one in found.shed] == shed
    assert found.fits is fits
    assert found.load == 62


def test_a_load_that_nobody_knows_is_kept_and_not_counted():
    found = fit([*LOADS, Need("new", 9, None)], 62)
    assert [one.service for one in found.unknown] == ["new"]
    assert not found.shed


@given(
    st.lists(st.tuples(st.integers(1, 9), st.floats(0, 60), st.booleans()), max_size=12),
    st.floats(1, 100),
)
def test_no_more_is_shed_than_it_takes(rows, capacity):
    needs = [Need(str(at), *row[:2], essential=row[2]) for at, row in enumerate(rows)]
    found = fit(needs, capacity)
    if found.shed:
        back = found.load - sum(one.percent for one in found.shed[1:])
        assert back > capacity
        assert not any(one.essential for one in found.shed)


def test_a_service_needs_what_it_depends_on_at_its_site():
    depends = {"withdrawals": ["database"], "web": ["api"], "api": ["database"]}
    assert without_ground({"withdrawals", "api", "web", "database"}, depends) == {}
    assert without_ground({"withdrawals", "web"}, depends) == {
        "web": ["api"], "withdrawals": ["database"],
    }  # fmt: skip


def failover(well=70, ill=60, writes=20, kept=75, at=10, site="busan", **more):
    return Failover(site, ago(at), ago(well), ago(ill), ago(writes), ago(kept), **more)


def test_times_of_a_failover_are_ranges_between_the_two_looks_around_the_death():
    found = failover()
    assert (found.took.least, found.took.most) == (timedelta(seconds=40), timedelta(seconds=50))
    assert (found.lost.least, found.lost.most) == (timedelta(seconds=5), timedelta(seconds=15))
    assert found.took.holds(timedelta(seconds=45))
    assert not found.took.holds(timedelta(seconds=52))
    assert found.took.holds(timedelta(seconds=52), give=timedelta(seconds=2))


def test_nothing_is_lost_where_all_was_kept_after_the_death():
    assert failover(kept=50).lost.most == timedelta(0)


def test_a_planned_move_is_no_proof_of_a_recovery_time():
    first = failover(at=900)
    second = failover(at=100, planned=True)
    assert last_to("cloud", [first]) is None
    assert last_to("busan", [second, first]) is first


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (119, "119 s"), (125, "2 min"), (3600, "1 h"), (7100, "118 min"), (93_600, "26 h"), (400_000, "4 days")],
)  # fmt: skip
def test_a_length_keeps_the_unit_that_says_enough(seconds, words):
    with override("en"):
        assert str(length(timedelta(seconds=seconds))) == words


def test_a_range_whose_ends_are_said_alike_is_one_length():
    spans = [Span(timedelta(seconds=least), timedelta(seconds=90)) for least in (20, 89.9)]
    with override("en"):
        assert [str(ranged(one)) for one in spans] == ["20 s – 90 s", "90 s"]
