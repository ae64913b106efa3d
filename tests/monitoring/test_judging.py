"""The judges at work: samples in, anomalies out, and a successor that is the same to the last bit."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring import services
from monitoring.domain.samples import Identity, Point
from monitoring.judging.tick import Judging
from monitoring.models import Anomaly, JudgedLine, Metric, MetricState

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATENCY = Identity.of("api_latency_seconds", route="/withdraw")


def usual(count, seed=1):
    chance = random.Random(seed)
    return [0.2 + chance.gauss(0, 0.01) for _ in range(count)]


def put(values, start=START, metric=LATENCY, *, step=MINUTE):
    """One a minute; when the last one came."""
    points = [
        Point(metric, start + n * step, value)
        for n, value in enumerate(values)
        if value is not None
    ]
    last = start + (len(values) - 1) * step
    services.write(points, at=last)
    return last


def dumps(judging):
    return {pk: judge.watch.dump() for pk, judge in judging.memory.judges.items()}


def test_what_a_metric_did_before_is_learned_and_calls_nobody():
    last = put([*usual(400), 9.0, *usual(20)])

    done = Judging().detect(at=last)

    assert done.judged == 421
    assert not Anomaly.objects.exists()
    assert MetricState.objects.get().begun_at == last


def test_a_strange_reading_becomes_an_anomaly_that_explains_itself():
    judging, last = Judging(), put(usual(400))
    judging.detect(at=last)

    last = put([0.9, 0.95, 0.9], last + MINUTE)
    done = judging.detect(at=last)

    assert done.anomalies == 1
    found = Anomaly.objects.get()
    assert found.metric == Metric.objects.get()
    assert found.at == last - 2 * MINUTE
    assert found.lasts(last)
    assert found.score >= found.bar
    assert not (found.low <= found.observed <= found.high)


def test_what_lasts_is_one_and_ends_when_it_is_over():
    judging, last = Judging(), put(usual(400))
    judging.detect(at=last)
    for value in [0.9] * 5:
        last = put([value], last + MINUTE)
        judging.detect(at=last)
    strange = last
    for value in usual(30, seed=2):
        last = put([value], last + MINUTE)
        judging.detect(at=last)

    found = Anomaly.objects.get()
    assert found.last_at <= strange + MINUTE * 30
    assert not found.lasts(last + timedelta(hours=1))


def test_silence_is_noticed_once():
    judging, last = Judging(), put(usual(400))
    judging.detect(at=last)
    for minute in range(1, 60):
        judging.detect(at=last + minute * MINUTE)

    found = Anomaly.objects.get()
    assert found.reason == "no-data"
    assert found.value is None


def test_what_comes_late_is_left_out_and_what_comes_twice_is_judged_once():
    judging, last = Judging(), put(usual(300))
    judging.detect(at=last)
    before = dumps(judging)

    services.write([Point(LATENCY, last - 30 * timedelta(seconds=61), 99.0)], at=last)
    put(usual(300))

    assert judging.detect(at=last).judged == 0
    assert dumps(judging) == before


def test_a_reading_from_the_future_waits_for_its_time():
    judging, last = Judging(), put(usual(300))
    services.write([Point(LATENCY, last + timedelta(hours=3), 0.2)], at=last)

    judging.detect(at=last)

    assert next(iter(judging.memory.judges.values())).watch.until == last


def test_a_successor_is_the_same_to_the_last_bit():
    one, last = Judging(), put(usual(300))
    others = [Identity.of("m", n=str(n)) for n in range(5)]
    one.detect(at=last)
    for minute in range(60):
        values = usual(6, seed=minute)
        for metric, value in zip([LATENCY, *others], values, strict=True):
            put([value], last + MINUTE, metric)
        last += MINUTE
        one.detect(at=last)

    successor = Judging()
    successor.detect(at=last)

    assert dumps(successor) == dumps(one)


def test_two_take_turns_and_each_knows_what_the_other_judged():
    one, two, last = Judging(), Judging(), put(usual(300))
    one.detect(at=last)
    for minute in range(10):
        last = put([usual(1, seed=minute)[0]], last + MINUTE)
        (two if minute % 2 else one).detect(at=last)
    one.detect(at=last)
    two.detect(at=last)

    assert dumps(one) == dumps(two)


def test_what_was_not_written_was_not_learned(monkeypatch):
    judging, last = Judging(), put(usual(300))
    judging.detect(at=last)
    before = dumps(judging)
    last = put([0.2], last + MINUTE)
    monkeypatch.setattr(judging, "_save", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        judging.detect(at=last)

    monkeypatch.undo()
    successor = Judging()
    assert successor.detect(at=last).judged == 1
    judging.detect(at=last)

    assert dumps(judging) == dumps(successor) != before


def test_lines_that_every_checkpoint_contains_are_gone():
    judging, last = Judging(), put(usual(200))
    judging.detect(at=last)
    for minute in range(10):
        last = put([usual(1, seed=minute)[0]], last + MINUTE)
        judging.detect(at=last)

    assert JudgedLine.objects.count() <= 2


def test_a_metric_that_is_left_out_is_not_judged():
    judging, last = Judging(), put(usual(300))
    judging.detect(at=last)
    MetricState.objects.update(judged=False)

    put([9.0], last + MINUTE)

    assert judging.detect(at=last + MINUTE).judged == 0
    assert not Anomaly.objects.exists()


def test_another_versions_state_is_learned_anew():
    judging, last = Judging(), put(usual(300))
    judging.detect(at=last)
    MetricState.objects.update(dump=b"bongsu watch 0\nwhatever")

    done = Judging().detect(at=last)

    assert done.judged == 300
    assert MetricState.objects.get().life == 2


def test_a_hundred_metrics_cost_no_more_questions_than_one():
    judging, last = Judging(), put(usual(150))
    judging.detect(at=last)

    def asked(count, last):
        for number in range(count):
            put(usual(150), START, Identity.of("many", n=f"{count}-{number}"))
        judging.detect(at=last)  # they are new, and learn
        for number in range(count):
            put([0.2], last + MINUTE, Identity.of("many", n=f"{count}-{number}"))
        with CaptureQueriesContext(connection) as captured:
            judging.detect(at=last + MINUTE)
        return len(captured)

    assert asked(2, last) >= asked(100, last + 2 * MINUTE)


def test_when_everything_is_silent_it_is_not_the_metrics():
    judging, last = Judging(), None
    for number in range(30):
        last = put(usual(150), START, Identity.of("many", n=str(number)))
    judging.detect(at=last)

    for minute in range(1, 40):
        assert judging.detect(at=last + minute * MINUTE).missed == 0
    assert not Anomaly.objects.exists()
