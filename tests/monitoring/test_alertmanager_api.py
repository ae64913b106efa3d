"""What Alertmanager's own tools ask for; amtool itself is run in test_real_alertmanager."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from monitoring import services
from monitoring.domain.matching import read_lines
from monitoring.models import Alert, Silence

pytestmark = pytest.mark.django_db


@pytest.fixture
def prometheus(sender):
    found = sender("prometheus")
    labels = [{"alertname": "Stuck", "host": f"db-{n}"} for n in range(2)]
    found.post([{"labels": each, "annotations": {"summary": "출금 지연"}} for each in labels])
    return found


@pytest.fixture
def api(prometheus):
    """Calls a path below the integration's prefix, of this sender or of another."""
    client = Client()

    def call(method, path, body=None, sender=prometheus):
        prefix = f"/ingest/{sender.source}/{sender.token}"
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"{prefix}{path}", **more)

    return call


def wish(hours=1, **said):
    ends = (clock.now() + timedelta(hours=hours)).isoformat()
    matchers = [{"name": "host", "value": "db-0", "isRegex": False}]
    usual = {"matchers": matchers, "endsAt": ends, "createdBy": "kim", "comment": "교체"}
    return usual | said


def made(api, **said):
    return api("post", "/api/v2/silences", wish(**said)).json()["silenceID"]


def hosts(answer):
    return {alert["labels"]["host"] for alert in answer.json()}


@pytest.mark.parametrize("path", ["/-/healthy", "/-/ready", "/api/v2/status", "/api/v2/receivers"])
def test_its_probes_and_its_status_answer(api, path):
    assert api("get", path).status_code == 200


def test_alerts_are_listed_and_a_silenced_one_says_by_what(api):
    silence = made(api)

    by_host = {alert["labels"]["host"]: alert for alert in api("get", "/api/v2/alerts").json()}

    assert by_host["db-0"]["status"]["state"] == "suppressed"
    assert by_host["db-0"]["status"]["silencedBy"] == [silence]
    assert by_host["db-1"]["status"]["state"] == "active"
    assert by_host["db-1"]["annotations"]["summary"] == "출금 지연"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"db-0", "db-1"}),
        ("?silenced=false", {"db-1"}),
        ("?active=false", {"db-0"}),
        ('?filter=host="db-1"', {"db-1"}),
        ("?filter=host=~db-.*&filter=alertname=Stuck", {"db-0", "db-1"}),
    ],
)
def test_alerts_are_filtered_as_its_tools_do(api, query, found):
    made(api)

    assert hosts(api("get", f"/api/v2/alerts{query}")) == found


@pytest.mark.parametrize("path", ["alerts", "alerts/groups", "silences"])
def test_a_filter_that_cannot_be_read_is_refused(api, path):
    answer = api("get", f"/api/v2/{path}?filter=host=~(")

    assert answer.status_code == 400
    assert "missing )" in answer.json()


def test_alerts_come_in_groups(api):
    [group] = api("get", "/api/v2/alerts/groups").json()

    assert group["labels"] == {"alertname": "Stuck"}
    assert len(group["alerts"]) == 2


def test_a_silence_is_made_read_and_ended(api):
    silence = made(api)
    read = api("get", f"/api/v2/silence/{silence}").json()
    assert (read["status"]["state"], read["createdBy"]) == ("active", "kim")
    assert read["matchers"][0]["isEqual"] is True

    assert api("delete", f"/api/v2/silence/{silence}").status_code == 200
    assert api("get", f"/api/v2/silence/{silence}").json()["status"]["state"] == "expired"
    assert not Alert.objects.filter(muted_until__isnull=False).exists()


def test_a_silence_that_is_changed_never_leaves_a_gap(api):
    old = made(api)

    new = made(api, id=old, hours=5)

    alert = Alert.objects.get(labels__host="db-0")
    assert str(alert.silence_id) == new != old
    assert alert.muted_until == Silence.objects.get(pk=new).ends_at
    assert Silence.objects.active(clock.now()).get().pk == uuid.UUID(new)


@pytest.mark.parametrize(
    "wrong",
    [{"matchers": []}, {"matchers": "x"}, {"endsAt": "2020-01-01T00:00:00Z"}, {"endsAt": None},
     {"matchers": [{"name": "a", "value": "(", "isRegex": True}]},
     {"matchers": [{"name": "a", "value": ".*", "isRegex": True}]}],
)  # fmt: skip
def test_a_silence_that_cannot_be_is_refused_in_words(api, wrong):
    answer = api("post", "/api/v2/silences", wish(**wrong))

    assert answer.status_code == 400
    assert isinstance(answer.json(), str)
    assert not Silence.objects.exists()


@pytest.mark.parametrize("body", ["[]", "7", "{", '"x"'])
def test_a_body_that_is_no_object_is_refused(api, body):
    assert api("post", "/api/v2/silences", body).status_code == 400


@pytest.mark.parametrize("unknown", [str(uuid.UUID(int=7)), "x", 7])
def test_what_is_not_there_is_not_changed(api, unknown):
    assert api("post", "/api/v2/silences", wish(id=unknown)).status_code == 404
    assert api("delete", f"/api/v2/silence/{uuid.uuid4()}").status_code == 404


def test_another_sender_sees_and_silences_nothing_of_it(api, sender):
    other, silence = sender("alertmanager"), made(api)
    made_by_other = api("post", "/api/v2/silences", wish(), sender=other).json()["silenceID"]

    assert api("get", "/api/v2/alerts", sender=other).json() == []
    assert api("get", f"/api/v2/silence/{silence}", sender=other).status_code == 404
    assert api("delete", f"/api/v2/silence/{silence}", sender=other).status_code == 404
    assert not Alert.objects.filter(silence=made_by_other).exists()


def test_what_people_silenced_in_the_portal_is_seen_and_not_ended(api):
    at = clock.now()
    row = services.silence(
        read_lines("host=db-1"),
        starts_at=at,
        ends_at=at + timedelta(hours=1),
        created_by="김",
        at=at,
    )

    assert [each["id"] for each in api("get", "/api/v2/silences").json()] == [str(row.pk)]
    assert api("delete", f"/api/v2/silence/{row.pk}").status_code == 403
    assert Silence.objects.active(at).exists()


def test_a_list_of_silences_is_filtered_by_what_they_are_about(api):
    made(api)

    assert len(api("get", "/api/v2/silences?filter=host=db-0").json()) == 1
    assert api("get", "/api/v2/silences?filter=host=db-1").json() == []


def test_a_stranger_is_told_nothing(client):
    for path in ("api/v2/alerts", "api/v2/silences", "-/ready"):
        assert client.get(f"/ingest/prometheus/{'0' * 32}/{path}").status_code == 401
