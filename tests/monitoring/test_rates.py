"""What only grows is shown as how fast it does, in every size and from the same readings."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from core.charts.shapes import Band
from monitoring import services
from monitoring.anomaly_words import explained
from monitoring.charting import glances, latest, series, sparks, spread
from monitoring.domain.ranges import Range
from monitoring.domain.samples import Identity, Point
from monitoring.models import Anomaly, Metric, Rule
from monitoring.screens.annotations import about

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = NOW + DAY


def counter(*values, start=NOW - HOUR, every=MINUTE, name="requests_total"):
    points = [Point(Identity.of(name), start + n * every, v) for n, v in enumerate(values)]
    services.write(points, at=NOW)
    return Metric.objects.get(name=name)


def means(metric, since, until, **asked):
    return [one.mean for one in series(metric.pk, since, until, at=NOW, **asked).bins]


def test_a_counter_is_drawn_as_its_growth_a_second():
    metric = counter(*(100 + 120 * n for n in range(10)))

    assert means(metric, NOW - HOUR, NOW) == [2.0] * 9, "the first has none before it"


def test_what_came_before_the_stretch_is_what_its_first_reading_grew_from():
    metric = counter(*(120 * n for n in range(60)))

    assert len(means(metric, NOW - 30 * MINUTE, NOW)) == 30


def test_a_counter_that_begins_again_has_grown_by_what_it_shows():
    metric = counter(1000, 1060, 30, 90)

    assert means(metric, NOW - HOUR, NOW) == [1.0, 0.5, 1.0]


def test_a_slow_metric_has_its_speed_over_the_hours_between():
    metric = counter(0, 7200, start=NOW - 2 * HOUR, every=2 * HOUR - MINUTE)

    assert means(metric, NOW - HOUR, NOW) == [pytest.approx(7200 / (2 * 3600 - 60))]


@pytest.mark.parametrize(
    ("length", "size"), [(5 * HOUR, "raw"), (3 * DAY, "5m"), (30 * DAY, "1h"), (800 * DAY, "1d")]
)
def test_every_size_says_the_same_speed_through_every_restart(length, size):
    """A process that starts anew each hour: its highest point says nothing of how much it did."""
    minutes = 2 * 24 * 60
    metric = counter(*(60 * (n % 60 + 1) for n in range(minutes)), start=NOW - minutes * MINUTE)
    services.roll_up(at=LATER)

    found = series(metric.pk, NOW - length, NOW, at=LATER)

    assert found.resolution == size
    assert {round(one.mean, 9) for one in found.bins} == {1.0}
    assert all(one.low == one.high == 1.0 for one in found.bins)


def test_the_spread_the_line_and_the_newest_value_are_of_the_speed_too():
    metric = counter(*(180 * n for n in range(180)), start=NOW - 3 * HOUR)
    services.roll_up(at=NOW - MINUTE)  # the newest minutes are not due yet
    (spark,) = sparks([metric.pk], at=NOW).values()
    (glance,) = glances([(metric.pk, NOW - HOUR, NOW)])

    assert (spark.low, spark.high, spark.last) == (3.0, 3.0, 3.0)
    assert (glance.low, glance.high) == (3.0, 3.0)
    assert latest([metric.pk], at=NOW) == {metric.pk: (NOW - MINUTE, 3.0)}
    services.roll_up(at=LATER)
    assert spread(metric.pk, NOW - 3 * HOUR, NOW, at=NOW).quantile(0.5) == pytest.approx(
        3, rel=0.02
    )


def test_of_one_reading_there_is_no_speed():
    metric = counter(100)
    services.roll_up(at=LATER)

    assert means(metric, NOW - HOUR, NOW) == []
    assert latest([metric.pk], at=NOW) == {}
    assert spread(metric.pk, NOW - HOUR, NOW, at=NOW).count == 0


def test_the_heights_stay_for_the_rules_that_judge_them():
    counter(100, 160)
    services.roll_up(at=LATER)

    with connection.cursor() as cursor:
        cursor.execute("SELECT low, high, slow, speed, fast FROM monitoring_rollup_1h")
        assert cursor.fetchall() == [(100.0, 160.0, 1.0, 1.0, 1.0)]


def test_of_what_does_not_only_grow_no_speed_is_kept():
    counter(5, 4, name="queue")
    services.roll_up(at=LATER)

    with connection.cursor() as cursor:
        cursor.execute("SELECT low, slow, speed, fast FROM monitoring_rollup_1d")
        assert cursor.fetchall() == [(4.0, None, None, None)]


def test_counters_and_others_are_read_together(django_assert_num_queries):
    grows, stands = counter(0, 60, 120), counter(7, 7, 7, name="queue")
    services.roll_up(at=LATER)

    with django_assert_num_queries(2):
        assert set(latest([grows.pk, stands.pk], at=NOW).values()) == {
            (NOW - 58 * MINUTE, 1.0), (NOW - 58 * MINUTE, 7.0),
        }  # fmt: skip
        assert sparks([grows.pk, stands.pk], at=NOW).keys() == {grows.pk, stands.pk}


def test_a_unit_is_one_a_second():
    assert Metric(name="sent_bytes_total").shown_in == "bytes/s"
    assert Metric(name="cpu_seconds_total").shown_in == "s/s"
    assert Metric(name="requests_total").shown_in == "/s"
    assert Metric(name="memory_total_bytes").shown_in == "bytes"


def test_what_was_expected_of_its_speed_is_drawn_and_the_bar_of_its_growth():
    metric = counter(*(120 * n for n in range(60)))
    anomaly = Anomaly.objects.create(
        metric=metric, at=NOW - 9 * MINUTE, last_at=NOW - 9 * MINUTE, until=NOW, value=5e6,
        peak_at=NOW - 9 * MINUTE, reason="unusual", view="lasting", score=0.7, bar=0.5,
        probability=1e-4, observed=9.0, low=1.0, high=3.0,
    )  # fmt: skip
    usual = {"kind": "rate", "severity": "P1", "metric": "requests_total", "name_en": "g"}
    params = {"window": 300.0, "counter": True, "above": True, "limit": 600.0}
    rule = Rule.objects.create(name_ko="증가", params=params, **usual)
    height = Rule.objects.create(
        name_ko="높이", params={"limit": 3.0}, **usual | {"kind": "threshold"}
    )

    found = about(metric, [], [rule, height], [anomaly], Range("", NOW - HOUR, NOW, ""))

    assert found.bands == [Band(anomaly.at, anomaly.until, 1.0, 3.0)]
    assert found.dots == [(anomaly.peak_at, 9.0)]
    assert [(bar.label, bar.value) for bar in found.bars] == [("증가", 10.0)]
    assert "9\N{NO-BREAK SPACE}/s" in explained(anomaly)
    assert "5,000,000" not in explained(anomaly), "nobody judged how high it stands"
