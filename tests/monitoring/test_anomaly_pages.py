"""Anomalies as people see them, and what they say of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core import clock
from monitoring import services
from monitoring.anomaly_words import explained, rarity
from monitoring.domain.samples import Identity, Point
from monitoring.models import Anomaly, Feedback, Metric, MetricState, Verdict
from teams.services import new_api_token
from tests.doors.conftest import browser, everyone

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def strange():
    """An anomaly of a new metric, with its course."""

    def make(name="api_latency_seconds", *, score=0.6, at=None, **said):
        at = at or clock.now() - 10 * MINUTE
        points = [Point(Identity.of(name), at - n * MINUTE, 0.2) for n in range(30)]
        services.write(points, at=at)
        metric = Metric.objects.get(name=name)
        MetricState.objects.get_or_create(metric=metric, defaults={"begun_at": at})
        usual = {
            "last_at": at, "until": at + 30 * MINUTE, "peak_at": at, "reason": "unusual", "view": "hour",
            "score": score, "bar": 0.5, "probability": 1e-4, "every": MINUTE, "known": 90 * 1440 * MINUTE,
            "value": 0.95, "observed": 0.95, "low": 0.17, "high": 0.23,
        }  # fmt: skip
        return Anomaly.objects.create(metric=metric, at=at, **(usual | said))

    return make


def bar_of(anomaly):
    return MetricState.objects.get(pk=anomaly.metric_id)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("view", ["value", "drift", "hour", "lasting", "day"])
def test_every_view_says_what_it_saw_and_what_was_expected(strange, view, language):
    with translation.override(language):
        said = explained(strange(view=view))

    assert "950\N{NO-BREAK SPACE}ms" in said
    assert "170\N{NO-BREAK SPACE}ms" in said
    assert "230\N{NO-BREAK SPACE}ms" in said


def test_how_rare_it_is_is_said_in_time(strange):
    with translation.override("en"):
        assert rarity(strange()) == "As strange as this about once in 6\N{NO-BREAK SPACE}d."
        assert "Never" in rarity(strange("other", probability=1e-12))
        assert rarity(strange("silent", reason="no-data", value=None)) == ""


def test_noise_lifts_the_metrics_bar_and_can_be_taken_back(strange, commander):
    anomaly, at = strange(score=0.7), clock.now()

    services.say(anomaly, Feedback.NOISE, by=commander, at=at)
    assert bar_of(anomaly).threshold == pytest.approx(0.6)
    assert (bar_of(anomaly).noise, bar_of(anomaly).changed_by) == (1, commander)

    services.say(anomaly, Feedback.NONE, by=commander, at=at)
    assert bar_of(anomaly).threshold == 0.5
    assert bar_of(anomaly).noise == 0
    assert Verdict.objects.count() == 2, "who said what stays"


def test_saying_the_same_twice_counts_once(strange, commander):
    anomaly = strange(score=0.7)
    for _ in range(2):
        services.say(anomaly, Feedback.NOISE, by=commander, at=clock.now())

    assert bar_of(anomaly).noise == 1


def test_the_page_shows_them_and_hears_what_people_say(strange, browser):
    anomaly = strange()
    client = browser("responder")

    page = client.get(reverse("monitoring:anomalies")).content.decode()
    assert "api_latency_seconds" in page
    assert "<svg" in page
    answer = client.post(
        reverse("monitoring:say_of_anomaly", args=[anomaly.pk]), {"said": "noise"},
        headers={"hx-request": "true"},
    )  # fmt: skip

    assert answer.status_code == 200
    assert reverse("monitoring:say_of_anomaly", args=[anomaly.pk]) in answer.text
    assert "55점" in answer.text, "what it changed is said at once"
    anomaly.refresh_from_db()
    assert anomaly.feedback == "noise"
    assert anomaly.feedback_by is not None
    assert anomaly.feedback_by.role == "responder"


def test_what_nobody_can_say_is_refused(strange, browser):
    address = reverse("monitoring:say_of_anomaly", args=[strange().pk])

    assert browser("responder").post(address, {"said": "nonsense"}).status_code == 404


def test_an_empty_page_teaches(browser):
    shown = browser("viewer").get(reverse("monitoring:anomalies")).content.decode()

    assert 'class="all-well"' in shown


def test_by_service_and_class(strange, browser):
    strange()
    strange("disk_used_bytes")
    Metric.objects.filter(name="disk_used_bytes").update(kind="system")

    page = browser("viewer").get(reverse("monitoring:anomalies") + "?kind=system").content.decode()

    assert "disk_used_bytes" in page
    assert "api_latency_seconds" not in page


def test_twenty_cost_no_more_questions_than_two(strange, browser):
    client, address = browser("responder"), reverse("monitoring:anomalies")

    def asked(count):
        for number in range(count):
            strange(f"m{count}-{number}")
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    asked(1)
    assert asked(2) == asked(18)


def test_a_metric_can_be_left_out(strange, browser):
    anomaly = strange()
    address = reverse("monitoring:judge_metric", args=[anomaly.metric_id])

    assert browser("responder").post(address, {"on": "0"}).status_code == 403
    browser("commander").post(address, {"on": "0"})

    assert not bar_of(anomaly).judged
    page = browser("viewer").get(anomaly.metric.get_absolute_url())
    assert page.status_code == 200


def test_programs_read_them_and_say_too(strange, commander):
    anomaly, token = strange(), new_api_token(commander, name="test", scope="write")
    api = Client(headers={"authorization": f"Token {token}"})

    listed = api.get("/api/v1/anomalies/?lasts=true").json()["results"]
    assert [one["id"] for one in listed] == [anomaly.pk]
    answer = api.post(
        f"/api/v1/anomalies/{anomaly.pk}/feedback/", {"said": "useful"},
        content_type="application/json",
    )  # fmt: skip

    assert answer.json()["feedback"] == "useful"
    assert bar_of(anomaly).threshold == pytest.approx(0.49)


def test_what_is_old_goes_unless_somebody_said_something_of_it(strange, commander):
    long_ago = clock.now() - timedelta(days=401)
    old = strange()
    kept = strange("other")
    Anomaly.objects.update(at=long_ago, last_at=long_ago, peak_at=long_ago)
    services.say(kept, Feedback.NOISE, by=commander, at=clock.now())

    services.prune_anomalies(at=clock.now())

    assert list(Anomaly.objects.all()) == [kept]
    assert old.pk != kept.pk
