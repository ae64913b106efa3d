"""What is usual along a metric's whole chart."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from monitoring import judging, services
from monitoring.domain.samples import Identity, Point
from monitoring.models import Metric, MetricState

pytestmark = pytest.mark.django_db
A_DAY = 288
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def metric(seeded):
    at = clock.now()
    identity = Identity("queue_length", {"queue": "withdrawals"}, kind="business")
    services.write(
        [Point(identity, at - n * FIVE_MINUTES, 40 + n % 7) for n in range(10 * A_DAY)], at=at
    )
    found = Metric.objects.get(name="queue_length")
    while judging.detect(at=at).behind:
        pass
    return found


@pytest.fixture
def chart(commander, metric):
    client = Client()
    client.force_login(commander)

    def drawn(query):
        page = client.get(f"/monitoring/metrics/{metric.pk}/{query}")
        return page.context["chart"], page.text

    return drawn


def test_it_is_drawn_behind_the_course_of_a_day_and_named(chart):
    drawn, page = chart("?range=24h")
    assert len(drawn.usual) == 1
    assert 'class="usual"' in page
    assert "이 시간의 평소" in page


def test_a_month_has_none_for_its_days_are_too_narrow(chart):
    assert chart("?range=30d")[0].usual == []


def test_a_judge_of_another_version_draws_nothing(chart, metric):
    MetricState.objects.filter(pk=metric.pk).update(dump=b"bongsu watch 0\n")
    assert chart("?range=24h")[0].usual == []
