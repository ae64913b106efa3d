"""A body that comes in chunks is a body like any other."""

import io
from wsgiref.util import setup_testing_defaults

import pytest

from config.wsgi import application
from monitoring.models import Alert
from monitoring.services import add_integration

# A request of its own closes a connection that is in the middle of a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def post(path, body, **headers):
    """As Granian hands it on: an input that ends by itself, and no length when it came in chunks."""
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True, "CONTENT_TYPE": "application/json", **headers,
    }  # fmt: skip
    setup_testing_defaults(environ)
    statuses = []
    b"".join(application(environ, lambda status, _: statuses.append(status)))
    return int(statuses[0].split()[0])


@pytest.fixture
def door():
    return f"/ingest/generic/{add_integration('generic', name='probe')[1]}/"


def test_an_alert_in_chunks_is_stored(door):
    assert post(door, b'{"title": "t"}', HTTP_TRANSFER_ENCODING="chunked") == 200
    assert Alert.objects.count() == 1


def test_an_alert_in_one_piece_is_stored(door):
    assert post(door, b'{"title": "t"}', CONTENT_LENGTH="14") == 200


def test_chunks_without_end_are_refused(door):
    body = b'{"title": "' + b"x" * 3_000_000

    assert post(door, body, HTTP_TRANSFER_ENCODING="chunked") == 413


def test_no_body_at_all_is_refused(door):
    assert post(door, b"") == 400
