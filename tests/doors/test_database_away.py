"""Without its database the product says so, with 503 and when to come back."""

import json
import logging
from datetime import timedelta

import psycopg2
import pytest
from django.db import connection
from django.test import Client

from core import clock
from core.models import Heartbeat


@pytest.fixture
def hang_up():
    """The server ends our session, as a restart does."""
    names = ("host", "port", "user", "password", "dbname")
    parameters = connection.get_connection_params()
    other = psycopg2.connect(**{name: parameters[name] for name in names if name in parameters})

    def end():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (ours,) = cursor.fetchone()
        other.cursor().execute("SELECT pg_terminate_backend(%s)", [ours])

    yield end
    other.close()
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "path",
    [
        "/incidents/",
        "/incidents/1/",
        "/alerts/",
        "/console/",
        "/incidents/declare/",
        "/accounts/2fa/",
    ],
)
def test_a_page_is_a_503_and_not_a_500(browser, incident, hang_up, path):
    client = browser("administrator")
    client.raise_request_exception = False
    hang_up()

    answer = client.get(path)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Content-Security-Policy" in answer.headers
    assert "잠시 연결할 수 없어요" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/incidents/", "/api/v1/incidents/"])
def test_the_log_says_it_once_a_request(browser, incident, hang_up, caplog, path):
    client = browser("administrator")
    client.raise_request_exception = False
    hang_up()

    client.get(path)

    [said] = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert said.startswith(f"Service Unavailable: {path}: the database does not answer: ")


@pytest.mark.django_db(transaction=True)
def test_the_api_is_a_503_as_well(browser, incident, hang_up):
    client = browser("administrator")
    client.raise_request_exception = False
    hang_up()

    assert client.get("/api/v1/incidents/").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_a_probe_says_what_is_missing(hang_up):
    hang_up()

    assert Client().get("/healthz").status_code == 200
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["database"] == "down"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("beating", "status"),
    [
        ([], 503),
        (["beat", "incidents"], 503),
        (["beat", "monitoring"], 503),
        (["incidents", "monitoring"], 503),
        (["beat", "incidents", "monitoring"], 200),
    ],
)
def test_it_is_ready_when_everything_that_pages_is_alive(beating, status):
    for name in beating:
        Heartbeat.objects.beat(name)

    assert Client().get("/readyz").status_code == status


@pytest.mark.django_db
def test_a_heart_that_stopped_is_not_alive():
    for name in ("beat", "incidents"):
        Heartbeat.objects.beat(name)
    Heartbeat.objects.filter(name="incidents").update(at=clock.now() - timedelta(seconds=21))

    assert json.loads(Client().get("/readyz").content)["worker"] == "down"
