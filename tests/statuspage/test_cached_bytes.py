"""Nothing that a reader sends but the path changes a byte of what is cached, for any public file, at either door."""

from http import HTTPStatus
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import wsgi
from statuspage import serving
from statuspage.services import follow, publish_due
from statuspage.tree import Tree
from tests.statuspage.scene import START

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
SENT = st.fixed_dictionaries(
    {},
    optional={
        "HTTP_HOST": TEXT, "HTTP_COOKIE": TEXT, "QUERY_STRING": TEXT, "HTTP_ACCEPT": TEXT,
        "HTTP_ACCEPT_LANGUAGE": st.sampled_from(["en", "ko", "de, *;q=0.1"]),
        "HTTP_ACCEPT_ENCODING": TEXT, "HTTP_X_FORWARDED_HOST": TEXT, "HTTP_X_FORWARDED_PROTO": TEXT,
        "HTTP_X_FORWARDED_FOR": TEXT, "HTTP_RANGE": TEXT, "HTTP_AUTHORIZATION": TEXT,
        "HTTP_ORIGIN": TEXT, "HTTP_IF_MODIFIED_SINCE": TEXT, "HTTP_X_HTTP_METHOD_OVERRIDE": TEXT,
        "HTTP_X_ORIGINAL_URL": TEXT, "HTTP_X_REWRITE_URL": TEXT,
    },
)  # fmt: skip
ODD = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND")


@pytest.fixture
def tree(tmp_path, page, trouble, settings, monkeypatch):
    settings.BONGSU_HOME = tmp_path
    trouble("P1", at=START)
    follow(at=START)
    tree = Tree()
    publish_due(at=START, tree=tree)
    monkeypatch.setattr(wsgi, "shelf", serving.Shelf(tree))
    settings.ALLOWED_HOSTS = ["portal", "testserver"]
    monkeypatch.setattr(wsgi, "django_application", WSGIHandler())  # its shelf is of this tree too
    return tree


def addresses(tree):
    """Each public file by the address under which readers ask for it."""
    for path in sorted(tree.current.rglob("*")):
        if path.is_file():
            yield f"/{path.relative_to(tree.current)}".removesuffix("index.html"), path.read_bytes()


def ask(path, method="GET", **sent):
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "portal", "SERVER_PORT": "80",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "QUERY_STRING": "",
    } | sent  # fmt: skip
    said = []
    body = b"".join(wsgi.application(environ, lambda *given: said.append(given[:2])))
    (status, headers), *_ = said
    return status, dict(headers), body


def test_every_public_file_is_answered_at_both_doors_alike(tree, django_assert_num_queries):
    found = list(addresses(tree))
    assert len(found) > 20
    client = Client()
    with django_assert_num_queries(0):
        for path, expected in found:
            status, headers, body = ask(path)
            other = client.get(path)
            assert (status, body) == ("200 OK", expected)
            assert (other.status_code, other.content) == (200, expected)
            assert dict(other.headers) == headers
            assert {"Set-Cookie", "Vary", "Location"}.isdisjoint(headers)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=SENT)
def test_nothing_that_a_reader_sends_changes_a_byte(tree, sent):
    for path, expected in addresses(tree):
        plain = ask(path)
        assert ask(path, **sent) == plain
        assert plain[2] == expected


@pytest.mark.parametrize("method", ODD)
def test_odd_methods_get_no_cached_byte_and_leave_them_as_they_are(tree, method):
    for path, expected in addresses(tree):
        status, headers, body = ask(path, method)
        assert body != expected
        assert "stale-if-error" not in headers.get("Cache-Control", "")
        assert int(status[:3]) >= HTTPStatus.BAD_REQUEST or method == "OPTIONS"
        assert ask(path)[2] == expected


def test_a_head_has_the_heads_of_a_get_and_no_body(tree):
    for path, _expected in addresses(tree):
        status, headers, body = ask(path, "HEAD")
        assert (status, headers) == ask(path)[:2]
        assert body == b""


def test_what_a_reader_has_is_not_sent_again(tree):
    _status, headers, _body = ask("/api/v2/summary.json")
    status, again, body = ask("/api/v2/summary.json", HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (status, body, again["ETag"]) == ("304 Not Modified", b"", headers["ETag"])


@pytest.mark.parametrize(
    ("sent", "status"), [("https", "200 OK"), ("http", "301 Moved Permanently")]
)
def test_people_are_led_to_https_and_programs_are_answered_as_they_ask(
    tree, settings, sent, status
):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    django = WSGIHandler()  # its middleware reads the setting when it is made
    said = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/status/", "SERVER_NAME": "portal", "SERVER_PORT": "80",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "HTTP_X_FORWARDED_PROTO": sent,
    }  # fmt: skip
    found = serving.answer_early(environ, wsgi.shelf)
    if found is None:
        django(environ, lambda *given: said.append(given[0]))
    assert (said or ["200 OK"]) == [status]
    assert ask("/api/v2/summary.json")[0] == "200 OK"
