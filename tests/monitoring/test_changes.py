"""Change events: kept, found by time and service, and never a page."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from incidents.services import take_in
from monitoring import services
from monitoring.models import Alert, Change
from monitoring.queries import changes_between
from teams.models import Service

pytestmark = pytest.mark.django_db

AT = "2026-11-23T03:00:00+00:00"


@pytest.fixture
def tell(sender):
    """Tells of a change, as PagerDuty's clients do."""
    token = sender("pagerduty").token

    def post(summary="지갑 4.2.1 배포", links=(), key=token, **said):
        payload = {"summary": summary, "timestamp": AT} | said
        body = {"routing_key": key, "payload": payload, "links": links}
        return Client().post("/v2/change/enqueue", body, content_type="application/json")

    return post


def found(minutes_before=5, minutes_after=5, named=()):
    at = clock.now()
    of = Service.objects.filter(slug__in=named)
    start, end = at - timedelta(minutes=minutes_before), at + timedelta(minutes=minutes_after)
    return [change.summary for change in changes_between(start, end, list(of))]


def test_a_change_is_kept_and_calls_nobody(tell):
    answer = tell(source="ci", custom_details={"service": "wallet", "who": "kim"})

    change = Change.objects.get()
    assert answer.status_code == 202
    assert answer.json() == {"status": "success", "message": "Change event processed"}
    assert (change.summary, change.source) == ("지갑 4.2.1 배포", "ci")
    assert (change.service.slug, change.details["who"]) == ("wallet", "kim")
    assert take_in(at=clock.now()) == 0
    assert not Alert.objects.exists()


def test_only_links_that_a_browser_may_follow_are_kept(tell):
    tell(links=[{"href": "https://a/"}, {"href": "javascript:alert(1)"}, 7, {"href": []}])

    assert Change.objects.get().links == [{"href": "https://a/", "text": "https://a/"}]


@pytest.mark.parametrize("said", [{"summary": ""}, {"summary": None}, {"key": "short"}])
def test_what_pagerduty_refuses_is_refused_in_its_words(tell, said):
    answer = tell(**said)

    assert (answer.status_code, answer.json()["status"]) == (400, "invalid event")
    assert not Change.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'{"payload": 1, "routing_key": 2}'])
def test_rubbish_is_refused(db, body, client):
    answer = client.post("/v2/change/enqueue", body, content_type="application/json")

    assert answer.status_code == 400


def test_a_stranger_tells_nothing(tell):
    assert tell(key="0" * 32).status_code == 401
    assert not Change.objects.exists()


def test_changes_are_found_by_time_and_service(tell, clock):
    now = clock("2026-11-23T03:00:00+00:00")
    tell("지갑", custom_details={"service": "wallet"})
    tell("데이터베이스", custom_details={"service": "database"})
    tell("모두")
    tell("옛날", timestamp=(now - timedelta(hours=1)).isoformat())

    assert found(named=["wallet"]) == ["모두", "지갑"]
    assert found() == ["모두", "데이터베이스", "지갑"]
    assert found(minutes_before=90)[-1] == "옛날"


def test_old_changes_are_forgotten(tell):
    tell()

    services.prune_changes(at=clock.now() + timedelta(days=89))
    assert Change.objects.exists()
    services.prune_changes(at=clock.now() + timedelta(days=91))
    assert not Change.objects.exists()
