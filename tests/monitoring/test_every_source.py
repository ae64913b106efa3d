"""The contract of a source, over the whole registry: a new one is tested by being there."""

import json

import pytest
from django.test import Client

from monitoring.models import Alert, Payload
from monitoring.registry import sources
from tests.monitoring.bodies import BODIES

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("source", [*sources])]

ASKING = {("opsgenie", "get"), ("prometheus", "get")}  # where a sender may also ask
LARGEST = 512 * 1024
RUBBISH = {
    "nothing": b"",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "null": b"null",
    "a number": b"7",
    "a string": b'"trigger"',
    "NaN": b"NaN",
    "NaN inside": b'{"alerts": [NaN]}',
    "minus infinity": b"[-Infinity]",
    "a number beyond all": b"1e999",
    "a huge number": b"9" * 5000,
    "ten thousand lists deep": b"[" * 10_000 + b"]" * 10_000,
    "ten thousand objects deep": b'{"alerts":' * 10_000 + b"1" + b"}" * 10_000,
    "half of a body": b'{"alerts": [{"labels": {"alertname"',
    "two bodies": b"{}{}",
    "no UTF-8": b'{"title": "\xff\xfe"}',
    "NUL": b"\x00",
    "NUL and half characters": b'{"alerts": "\\u0000\\ud800", "routing_key": "\\ud800"}',
    "the same key twice": b'{"alerts": 1, "alerts": 2}',
    "a list of nulls": b"[null]",
    "lists for everything": b'{"alerts": [[]], "routing_key": [], "title": "", "payload": []}',
    "objects for everything": b'{"alerts": [{}], "routing_key": {}, "payload": {}}',
    "a form": b"title=Withdrawals&severity=critical",
    "XML": b"<alert>\xed\xa0\x80</alert>",
}
ODD = {
    "half a character": "\ud800\udfff",
    "NUL": "a\x00b",
    "right to left": "\u202eمحفظة\u202c",
    "emoji": "🔥" * 300,
    "Korean": "출금 대기열 정체",
    "long": "x" * 20_000,
    "markup": "<script>alert(1)</script>{{ 7|add:7 }}%(x)s",
    "line breaks": "a\r\nBcc: everyone@example.com\r\n",
    "SQL": "'; DROP TABLE monitoring_alert; --",
    "a huge number": 10**400,
    "a number": -0.5,
    "infinity": float("1e999"),
    "a list": [[], {}],
    "an object": {"a": {"b": None}},
    "yes": True,
    "nothing": None,
    "the last moment": "9999-12-31T23:59:59-12:00",
    "the first moment": "0001-01-01T00:00:00+14:00",
}


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_refused_and_kept(source, rubbish, sender):
    answer = sender(source).post(RUBBISH[rubbish])

    if (source, rubbish) == ("prometheus", "an empty list"):
        assert answer.status_code == 200  # nothing to say is a thing Prometheus may say
    else:
        assert answer.status_code in {400, 401}
        assert json.loads(answer.content)
    assert not Alert.objects.exists()


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_in_a_good_body_are_stored(source, odd, sender):
    answer = sender(source).post(BODIES[source](ODD[odd]))

    assert answer.status_code in {200, 202}, answer.content
    assert Alert.objects.count() == 1
    assert not Payload.objects.exclude(error="").exists()


def test_a_field_nobody_knows_is_tolerated(source, sender):
    body = BODIES[source]("x")
    for holder in (body, body[0]) if isinstance(body, list) else (body,):
        if isinstance(holder, dict):
            holder["notification_reason"] = {"new": ["in", 2027]}

    assert sender(source).post(body).status_code in {200, 202}


def test_a_body_over_512_kb_is_refused_and_nothing_of_it_kept(source, sender):
    answer = sender(source).post(b'{"title": "' + b"x" * 600_000 + b'"}')

    assert answer.status_code == 413
    assert b"512 KB" in answer.content
    assert not Payload.objects.exists()


def test_a_body_of_just_512_kb_is_read(source, sender):
    body = json.dumps(BODIES[source]("x")).encode()

    assert sender(source).post(body.ljust(LARGEST)).status_code in {200, 202, 400, 401}


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_only_a_post_is_an_alert_or_what_else_the_source_sends(source, method, sender):
    path = sources[source].addressed("", sender(source).token)

    answer = getattr(Client(), method)(path)

    assert not Alert.objects.exists()
    if method.upper() not in sources[source].methods:
        assert answer.status_code == 405 or (source, method) in ASKING


def test_a_post_needs_neither_a_cookie_nor_a_csrf_token(source, sender):
    path = sources[source].addressed("", sender(source).token)

    answer = Client(enforce_csrf_checks=True).post(path, b"", content_type="text/plain")

    assert answer.status_code in {400, 401}


def test_the_address_to_give_to_the_sender_leads_to_its_door(source, sender):
    address = sources[source].addressed("https://bongsu.example", sender(source).token)

    assert address.startswith("https://bongsu.example/")
    assert "<token>" not in address


def test_its_body_is_in_this_test(source):
    assert source in BODIES
