import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from monitoring import services
from monitoring.charting import series, spread
from monitoring.domain.resolution import EPOCH, MONDAY, Resolution, floor
from monitoring.domain.samples import (
    NOT_A_NUMBER,
    TOO_FAR_AHEAD,
    TOO_MANY_METRICS,
    TOO_OLD,
    Identity,
    Point,
    Row,
)
from monitoring.models import Metric
from monitoring.services.partitioning import TABLES
from tests.race import at_once, raised

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(**{n: 1}) for n in ("seconds", "minutes", "hours", "days"))
BALANCE = Identity.of("wallet_balance", service="withdrawal", wallet="hot")
LATER = NOW + DAY  # by then everything of today is due


def rows(table="monitoring_sample", columns="at, value"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY metric_id, at")  # noqa: S608
        return cursor.fetchall()


def write(*values, metric=BALANCE, at=NOW, every=SECOND):
    points = [Point(metric, at + n * every, value) for n, value in enumerate(values)]
    return services.write(points, at=max(at, NOW))


def parts(resolution=Resolution.RAW):
    return sorted(part.name for part in TABLES[resolution].parts())


@pytest.mark.django_db
class TestWriting:
    def test_samples_are_stored_and_their_metric_is_known_from_then_on(self, seeded):
        assert write(1.5, 2.5).stored == 2

        assert rows() == [(NOW, 1.5), (NOW + SECOND, 2.5)]
        metric = Metric.objects.get()
        assert str(metric) == 'wallet_balance{service="withdrawal", wallet="hot"}'
        assert metric.service.slug == "withdrawal"

    def test_every_digit_is_kept(self):
        values = [0.1 + 0.2, -0.0, 5e-324, 1e100, math.pi]
        at = datetime(2026, 11, 28, 11, 59, 59, 999_999, tzinfo=UTC)

        write(*values, at=at)

        assert [value for _, value in rows()] == values
        assert rows()[0][0] == at

    def test_labels_in_another_order_are_the_same_metric(self):
        write(1, metric=Identity("m", {"a": "1", "b": "2"}))
        write(2, metric=Identity("m", {"b": "2", "a": "1"}), at=NOW + SECOND)

        assert Metric.objects.count() == 1

    def test_the_first_word_stands_and_a_retry_changes_nothing(self):
        write(1, 2)

        again = write(9, 9, 9)

        assert (again.stored, again.repeated) == (1, 2)
        assert [value for _, value in rows()] == [1, 2, 9]

    def test_of_two_in_one_batch_the_first_counts(self):
        written = services.write([Point(BALANCE, NOW, 1), Point(BALANCE, NOW, 2)], at=NOW)

        assert (written.stored, written.repeated) == (1, 1)
        assert rows() == [(NOW, 1)]

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.1e100])
    def test_what_is_no_number_is_refused_and_the_rest_kept(self, value):
        written = write(1, value, 3)

        assert written.refused == {NOT_A_NUMBER: 1}
        assert written.stored == 2

    @pytest.mark.parametrize(
        ("distance", "refused"),
        [
            (-14 * DAY, {}),
            (-14 * DAY - SECOND, {TOO_OLD: 1}),
            (DAY, {}),
            (DAY + SECOND, {TOO_FAR_AHEAD: 1}),
            (timedelta(days=-20_000), {TOO_OLD: 1}),
        ],
    )
    def test_what_is_too_old_or_too_far_ahead_is_refused_by_name(self, distance, refused):
        written = services.write([Point(BALANCE, NOW + distance, 1)], at=NOW)

        assert written.refused == refused
        assert written.stored == 1 - len(refused)

    def test_new_metrics_are_refused_above_the_bound_and_known_ones_are_not(self, settings):
        settings.METRICS_MAX = 2
        points = [Point(Identity.of("m", n=str(n)), NOW, n) for n in range(5)]

        first = services.write(points, at=NOW)
        later = services.write([one._replace(at=NOW + SECOND) for one in points], at=NOW)

        assert first.stored == later.stored == 2
        assert first.refused == later.refused == {TOO_MANY_METRICS: 3}
        assert Metric.objects.count() == 2

    def test_nothing_is_written_of_nothing(self):
        assert services.write([], at=NOW).stored == 0

    def test_a_hundred_thousand_samples_cost_no_more_statements_than_one(
        self, django_assert_max_num_queries
    ):
        write(0)
        pk = Metric.objects.get().pk
        batch = [Row(pk, NOW - n * SECOND, n) for n in range(1, 100_001)]
        services.make_ahead(at=NOW - 2 * DAY)

        with django_assert_max_num_queries(8):
            assert services.write_rows(batch, at=NOW).stored == 100_000

        with django_assert_max_num_queries(2000):
            services.roll_up(at=LATER)
        assert sum(count for (count,) in rows("monitoring_rollup_1h", "count")) == 100_001


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("", {}),
        ("n" * 201, {}),
        ("n", {"l": "v" * 1001}),
        ("n", {f"l{n}": "v" for n in range(33)}),
        ("n", {"l": "a\0b"}),
        ("n", {"l": "\ud800"}),
    ],
)
def test_a_metric_that_no_row_could_hold_is_refused_before(name, labels):
    with pytest.raises(ValueError, match=r"\w"):
        Identity(name, labels)


@pytest.mark.django_db
class TestParts:
    def test_today_and_two_days_are_made_ahead_once(self):
        assert services.make_ahead(at=NOW) == 3 + 1 + 1 + 1

        assert parts() == [f"monitoring_sample_202611{day}" for day in (28, 29, 30)]
        assert services.make_ahead(at=NOW) == 0

    def test_a_late_sample_gets_the_part_it_needs(self):
        services.make_ahead(at=NOW)

        write(1, at=NOW - 5 * DAY)

        assert "monitoring_sample_20261123" in parts()

    def test_a_part_is_dropped_when_its_last_moment_is_too_old(self):
        midnight = datetime(2026, 11, 14, tzinfo=UTC)
        services.write([Point(BALANCE, midnight - SECOND, 1)], at=NOW - DAY)
        services.roll_up(at=NOW)

        services.drop_old(at=midnight + 14 * DAY - SECOND)
        assert parts() == ["monitoring_sample_20261113"]

        services.drop_old(at=midnight + 14 * DAY)
        assert parts() == []

    def test_nothing_is_dropped_that_was_not_rolled_up(self):
        write(1)
        far = NOW + 40 * DAY

        services.drop_old(at=far)
        assert rows() == [(NOW, 1)]

        services.roll_up(at=far)
        services.drop_old(at=far)
        assert parts() == []
        assert len(rows("monitoring_rollup_1h", "count")) == 1

    def test_days_are_kept_for_ever_and_hours_for_two_years(self):
        write(1)
        services.roll_up(at=LATER)

        services.drop_old(at=NOW + 3650 * DAY)

        assert [len(parts(one)) for one in Resolution] == [0, 0, 0, 1]
        assert parts(Resolution.DAY) == ["monitoring_rollup_1d_2026"]


@pytest.mark.django_db
class TestRollingUp:
    def test_five_minutes_an_hour_and_a_day_say_least_mean_most_and_how_many(self):
        write(*range(60), every=MINUTE)

        services.roll_up(at=LATER)

        columns = "at, low, mean, high, count"
        assert rows("monitoring_rollup_5m", columns)[:2] == [
            (NOW, 0, 2, 4, 5), (NOW + 5 * MINUTE, 5, 7, 9, 5),
        ]  # fmt: skip
        assert rows("monitoring_rollup_1h", columns) == [(NOW, 0, 29.5, 59, 60)]
        assert rows("monitoring_rollup_1d", columns) == [(NOW - 12 * HOUR, 0, 29.5, 59, 60)]
        assert Metric.objects.get().last_at == NOW + 59 * MINUTE

    def test_five_minutes_that_are_not_over_wait(self):
        write(1)

        services.roll_up(at=NOW + 5 * MINUTE)
        assert not rows("monitoring_rollup_5m", "at")

        services.roll_up(at=NOW + 6 * MINUTE)
        assert rows("monitoring_rollup_5m", "at") == [(NOW,)]

    def test_a_second_time_changes_nothing(self):
        write(1, 2, 3)
        services.roll_up(at=LATER)
        before = rows("monitoring_rollup_1h", "*, xmin::text")

        assert services.roll_up(at=LATER) == 0

        assert rows("monitoring_rollup_1h", "*, xmin::text") == before

    def test_a_late_sample_rolls_its_bucket_up_again_in_every_size(self):
        write(1)
        services.roll_up(at=LATER)

        services.write([Point(BALANCE, NOW + SECOND, 9)], at=LATER)
        services.roll_up(at=LATER)

        for table in ("5m", "1h", "1d"):
            assert rows(f"monitoring_rollup_{table}", "high, count") == [(9, 2)]

    def test_after_a_month_without_it_everything_is_caught_up(self):
        for day in range(10):
            write(day, at=NOW - day * DAY)

        services.roll_up(at=NOW + 30 * DAY)

        assert len(rows("monitoring_rollup_1d", "at")) == 10

    def test_the_spread_in_the_database_is_the_one_of_the_rules(self):
        values = [(-1) ** n * 1.17**n for n in range(-60, 60)] + [0.0, 1e-12]
        write(*values, every=MINUTE)
        services.roll_up(at=LATER)
        pk, since = Metric.objects.get().pk, NOW - HOUR

        found = spread(pk, since, NOW + 3 * HOUR, at=NOW)

        ordered = sorted(values)
        assert found.count == len(values)
        for share in (0.01, 0.25, 0.5, 0.9, 0.99):
            real = ordered[math.ceil(share * len(values)) - 1]
            assert found.quantile(share) == pytest.approx(real, rel=0.0201, abs=1e-9)
        assert spread(pk, NOW - 100 * DAY, LATER, at=NOW) == found


@pytest.mark.django_db
class TestCharts:
    @pytest.mark.parametrize("span", [HOUR, 6 * HOUR, DAY, 30 * DAY, 365 * DAY, 3650 * DAY])
    def test_any_range_is_one_query_and_at_most_a_thousand_points(
        self, span, django_assert_num_queries
    ):
        write(0)
        pk = Metric.objects.get().pk
        batch = [Row(pk, NOW - n * timedelta(seconds=10), n) for n in range(50_000)]
        services.write_rows(batch, at=NOW)
        services.roll_up(at=LATER)

        with django_assert_num_queries(1):
            found = series(pk, NOW - span, NOW, at=NOW)

        assert 0 < len(found.bins) <= 1000
        assert all(one.low <= one.mean <= one.high for one in found.bins)

    def test_a_gap_is_a_gap_and_regular_samples_look_regular(self):
        moments = [0, 60, 120, 600, 660]
        services.write([Point(BALANCE, NOW + n * SECOND, n) for n in moments], at=NOW)

        found = series(Metric.objects.get().pk, NOW, NOW + HOUR, at=NOW + HOUR)

        assert [(one.at - NOW) // SECOND for one in found.bins] == moments

    @pytest.mark.parametrize(
        ("days", "points", "step"),
        [
            (7, 1000, 15 * MINUTE), (7, 500, 30 * MINUTE), (30, 500, 2 * HOUR),
            (60, 500, 3 * HOUR), (100, 250, 12 * HOUR), (365, 500, DAY), (365, 190, 2 * DAY),
        ],
    )  # fmt: skip
    def test_a_coarse_bin_holds_all_its_samples_rolled_up_or_not(self, days, points, step):
        """The newest ones lie in samples only: a bin of both is one bin, and counts each once."""
        moments = [NOW - n * 7 * MINUTE for n in range(1, 700)]
        services.write([Point(BALANCE, at, at.minute) for at in moments], at=NOW)
        services.roll_up(at=NOW)

        found = series(Metric.objects.get().pk, NOW - days * DAY, NOW, points=points, at=NOW)

        theirs: dict[datetime, list[int]] = {}
        for at in moments:
            origin = MONDAY if step > DAY else EPOCH
            theirs.setdefault(floor(at, step, origin), []).append(at.minute)
        assert found.step == step
        assert [(one.at, one.low, one.high, one.count) for one in found.bins] == [
            (at, min(held), max(held), len(held)) for at, held in sorted(theirs.items())
        ]

    def test_what_was_not_rolled_up_counts_in_percentiles_and_of_a_short_time_nothing_else(self):
        write(*range(1, 601), at=NOW - 600 * MINUTE, every=MINUTE)
        services.roll_up(at=NOW)
        pk = Metric.objects.get().pk

        assert spread(pk, NOW - 600 * MINUTE, NOW, at=NOW).count == 600
        short = spread(pk, NOW - 90 * MINUTE, NOW, at=NOW)

        assert short.count == 90
        assert short.quantile(0.5) == pytest.approx(555, rel=0.02)


class TestAtOnce:
    def test_two_who_bring_the_same_store_it_once(self, transactional_db):
        write(0)

        def bring(value):
            points = [
                Point(Identity.of("m", n=str(n % 7)), NOW + n * SECOND, value) for n in range(300)
            ]
            return lambda: services.write(points, at=NOW)

        done = at_once(*[bring(n) for n in range(4)])

        assert not raised(done)
        assert sum(one.stored for one in done) == 300
        assert len(rows()) == 301

    def test_the_first_of_a_day_make_its_part_together(self, transactional_db):
        done = at_once(
            *[
                lambda n=n: services.write([Point(BALANCE, NOW - n * SECOND, n)], at=NOW)
                for n in range(6)
            ]
        )

        assert not raised(done)
        assert len(rows()) == 6

    def test_what_is_written_while_it_is_rolled_up_is_not_lost(self, transactional_db):
        jobs: list[Any] = [
            lambda n=n: services.write([Point(BALANCE, NOW + n * SECOND, n)], at=NOW)
            for n in range(8)
        ]
        jobs += [lambda: services.roll_up(at=LATER)] * 4

        assert not raised(at_once(*jobs))
        services.roll_up(at=LATER)

        for table in ("5m", "1h", "1d"):
            assert rows(f"monitoring_rollup_{table}", "low, high, count") == [(0, 7, 8)]
