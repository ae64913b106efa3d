"""Hostile words in every form, question, header and address of the portal: an answer, and never a failure of ours.

Which names a door reads is overheard from it, so that a new field is tried the day it is made.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from tests.doors.routes import address_of, every_route
from tests.doors.scene import furnish, values_for
from tests.doors.table import Knock, expected

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # thousands of requests

TAG: Final = '"><script>alert(1)</script>'
ELSEWHERE: Final = "https://evil.example/"
WORDS: Final = [
    TAG, "a\x00b", "0001-01-01", "//evil.example", "a\r\nSet-Cookie: x=1", "-1", "9" * 40, "99999999", "1e999", "x" * 5000,
    ELSEWHERE, "[", "9999-12-31T23:59:59-12:00",
]  # fmt: skip
HEADERS: Final = [
    {
        "x-forwarded-for": "1.2.3.4, \x00", "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher",
        "accept-language": "ko;q=x,../../etc,en-" + "a" * 900, "accept": "*/*;q=z", "accept-encoding": "\xff",
        "range": "bytes=9-1,-0,,999999999999999999999-", "if-none-match": '"' * 99, "if-modified-since": "no",
        "authorization": "Token \x00", "origin": "null", "referer": ELSEWHERE, "user-agent": TAG,
    },
    {
        "hx-request": "true", "hx-current-url": "javascript:alert(1)", "hx-target": TAG, "hx-trigger-name": TAG,
        "content-type": "multipart/form-data; boundary=" + "b" * 300, "content-length": "12",
        "authorization": "Basic %%%", "idempotency-key": "\n",
    },
]  # fmt: skip
COOKIES: Final = ["../../x", "a\x00b", "x" * 4000]
APART: Final = (
    "api/",
    "ingest/",
    "v2/",
    "ping/",
    "console/",
    "hooks/",
    "readyz",
)  # tried elsewhere

PARTS: Final = (
    "alerts/", "monitoring/rules/", "monitoring/checks/", "monitoring/logs/", "monitoring/", "incidents/<int:number>/",
    "incidents/", "accounts/", "notices/", "status/", "on-call/", "me/", "energy/", "actions/", "runbooks/",
)  # fmt: skip
REST: Final = ""
# What a part of an address may be called.
NAMES: Final = {name for route in every_route() for name in re.findall(r"[<:](\w+)>", route)}
# The first few are those that have found something; all take three times as long.
EVERY_WORD: Final = bool(os.environ.get("BONGSU_EVERY_WORD"))
FEW: Final = 4


def routes_of_all() -> list[tuple[str, Knock]]:
    return [pair for part in [*PARTS, REST] for pair in routes(part)]


def routes(first: str) -> list[tuple[str, Knock]]:
    """Those under one of the portal's parts; the last part is all that is left."""
    return [
        (route, knock)
        for route in every_route()
        if not route.startswith(APART) and part_of(route) == first
        for knock in expected(route)
    ]


def part_of(route: str) -> str:
    return next((part for part in PARTS if route.startswith(part)), REST)


@pytest.fixture
def there(incident, everyone):
    return furnish(incident, everyone["administrator"])


@pytest.fixture
def client(browser):
    client = browser("administrator")
    client.raise_request_exception = False
    return client


@contextmanager
def overhearing(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names of whatever is read of what was sent."""
    heard = set[str]()

    def listening(real):
        def read(self, name, *rest):
            heard.add(name)
            return real(self, name, *rest)

        return read

    with monkeypatch.context() as patch:
        for name in ("__getitem__", "__contains__", "getlist"):
            patch.setattr(QueryDict, name, listening(getattr(QueryDict, name)))
        yield heard


def send(client: Any, method: str, address: str, said: dict[str, Any], **more: Any) -> Any:
    """The answer; whatever it did is undone."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = getattr(client, method)(address, said, **more)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def wrong_with(answer: Any) -> str:
    """What no answer may be, whatever was asked."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if "evil" in answer.headers.get("Location", "") and not answer["Location"].startswith("/"):
        return f"leads to {answer['Location']}"
    if answer.headers.get("Location", "").startswith(("//", "/\\", "javascript:")):
        return f"leads to {answer['Location']}"
    if not answer.streaming and "html" in kind and TAG.encode() in answer.content:
        return "repeats a tag as one"
    return ""


@pytest.mark.parametrize("part", [*PARTS, REST])
def test_no_word_in_any_field_breaks_a_door(part, there, client, monkeypatch, tell):
    broken, tried = [], 0
    words = WORDS if EVERY_WORD else WORDS[:FEW]
    for route, knock in routes(part):
        address = address_of(route, **values_for(there, route))
        with overhearing(monkeypatch) as heard:
            send(client, knock.method, address, knock.body)
        for name in sorted(heard - {"csrfmiddlewaretoken"}):
            for word in words:
                answer = send(client, knock.method, address, knock.body | {name: word})
                tried += 1
                if wrong := wrong_with(answer):
                    broken.append((knock.method, route, name, word[:40], wrong))

    tell(f"{tried} tries")
    assert broken == []
    assert tried > 0


@pytest.mark.parametrize("sent", HEADERS, ids=lambda sent: next(iter(sent)))
def test_no_header_breaks_a_door(sent, there, client):
    broken = []
    for route, knock in routes_of_all():
        if knock.method == "get":
            address = address_of(route, **values_for(there, route))
            answer = send(client, "get", address, {}, headers=sent)
            if wrong := wrong_with(answer):
                broken.append((route, wrong))

    assert broken == []


@pytest.mark.parametrize("word", COOKIES, ids=len)
def test_no_cookie_breaks_a_door(word, client, incident, settings):
    for name in (
        settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "messages",
    ):  # fmt: skip
        for path in ("/", "/incidents/", "/accounts/login/", "/api/v1/incidents/", "/status/"):
            stranger = Client(raise_request_exception=False)
            stranger.cookies[name] = word
            assert not wrong_with(stranger.get(path)), (name, path)
            assert not wrong_with(stranger.post(path)), (name, path)


def test_no_key_in_any_address_breaks_a_door(there, client):
    keys = [
        "a%00b",
        "..%2f..%2fetc",
        "9" * 40,
        "%f0%9f%9a%92",
    ]
    named = [route for route in every_route() if "<" in route]
    knocks = [address_of(route, **dict.fromkeys(NAMES, key)) for route in named for key in keys]

    broken = [
        (address[:80], wrong)
        for address in knocks
        for answer in (send(client, method, address, {}) for method in ("get", "post"))
        if (wrong := wrong_with(answer))
    ]

    assert broken == []
