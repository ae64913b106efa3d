"""Who comes in, what is kept of what they brought, and what happens when nothing can be kept."""

import json

import psycopg2
import pytest
from django.db import connection

from monitoring import door, services
from monitoring.models import Alert, Payload
from monitoring.registry import sources
from tests.monitoring.bodies import BODIES

STRANGER = "0" * 32


@pytest.fixture
def second_session():
    """Another session of the same person, outside any test transaction."""
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    session = psycopg2.connect(**{name: parameters[name] for name in names if name in parameters})
    yield session
    session.close()


@pytest.mark.django_db
@pytest.mark.parametrize("source", [*sources])
def test_a_wrong_token_is_refused_and_leaves_no_trace(source, sender):
    stranger = sender(source)
    stranger.token = STRANGER

    answer = stranger.post(BODIES[source]("x"))

    assert answer.status_code == 401
    assert not Payload.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("source", [*sources])
def test_every_wrong_token_gets_the_same_answer(source, sender):
    disabled, other = (
        sender(source),
        sender("generic" if source != "generic" else "prometheus", "b"),
    )
    type(disabled.integration).objects.filter(pk=disabled.integration.pk).update(enabled=False)

    answers = set()
    for token in (STRANGER, disabled.token, other.token):
        disabled.token = token
        answer = disabled.post(BODIES[source]("x"))
        answers.add((answer.status_code, answer.content, str(answer.headers)))

    assert len(answers) == 1


@pytest.mark.django_db
def test_a_stranger_is_not_told_whether_the_body_was_good(sender):
    stranger = sender("generic")
    stranger.token = STRANGER

    assert stranger.post({"title": "t"}).content == stranger.post(b"{").content


@pytest.mark.django_db
def test_a_token_that_was_taken_back_is_refused_within_seconds(sender, monkeypatch):
    generic = sender("generic")
    assert generic.post({"title": "t"}).status_code == 200
    generic.integration.delete()

    monkeypatch.setattr(door.time, "monotonic", lambda: 1e9)

    assert generic.post({"title": "t"}).status_code == 401


@pytest.mark.django_db
def test_an_accepted_payload_is_kept_byte_for_byte(sender):
    raw = b'{"title":  "\xec\xb6\x9c\xea\xb8\x88", "unknown": [1.50]}\n'

    sender("generic").post(raw)

    kept = Payload.objects.get()
    assert bytes(kept.body) == raw
    assert kept.error == ""
    assert Alert.objects.get().payload == kept


@pytest.mark.django_db
@pytest.mark.parametrize("raw", [b'{"title": "x', b"\xff\x00", b""])
def test_a_refused_payload_is_kept_with_the_reason(sender, raw):
    generic = sender("generic")

    answer = generic.post(raw)

    kept = Payload.objects.get()
    assert (bytes(kept.body), kept.integration) == (raw, generic.integration)
    assert kept.error == answer.json()["error"] == "JSON parse error"


@pytest.mark.django_db
def test_payloads_are_kept_for_a_month_and_their_alerts_for_ever(sender, clock):
    generic = sender("generic")
    for day in ("2026-10-01", "2026-11-01"):
        clock(f"{day}T00:00:00+00:00")
        generic.post({"title": day})

    services.prune(at=clock("2026-11-23T00:00:00+00:00"))

    assert [kept.received_at.month for kept in Payload.objects.all()] == [11]
    assert Alert.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_stored_is_a_503_and_stores_nothing(sender, second_session):
    senders = [sender(source) for source in sources]
    second_session.cursor().execute("LOCK TABLE monitoring_payload IN SHARE MODE")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")

    answers = [each.post(BODIES[each.source]("x")) for each in senders]
    refused = [each.post(b"{") for each in senders if each.source != "pagerduty"]

    connection.close()  # and its lock_timeout with it
    assert {answer.status_code for answer in [*answers, *refused]} == {503}
    assert all(answer["Retry-After"] == "5" and json.loads(answer.content) for answer in answers)
    assert not Payload.objects.exists()
    assert not Alert.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_connection_is_a_503_and_the_next_alert_is_stored(sender, second_session):
    generic = sender("generic")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    second_session.cursor().execute("SELECT pg_terminate_backend(%s)", [ours])

    lost = generic.post({"title": "t"})
    connection.close()  # as Django does between two requests
    stored = generic.post({"title": "t"})

    assert (lost.status_code, stored.status_code) == (503, 200)
    assert Alert.objects.get().count == 1
