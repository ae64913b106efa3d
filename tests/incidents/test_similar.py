"""Whoever opens a room at night sees what happened the last time."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.domain.likeness import COMMON, TOGETHER, Likeness, ranked, sharing
from incidents.domain.telling import MOST, telling_words
from incidents.models import Incident
from incidents.similar import LOOKED_AT, similar
from postmortems.services import draft
from tests.incidents.conftest import after

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def titled(declare, commander):
    def make(title, *, group="", over=True):
        incident = declare("P3")
        Incident.objects.filter(pk=incident.pk).update(title=title, group=group)
        if over:
            services.note(incident, f"{title}: 재시작으로 끝남", by=commander, at=after(minutes=5))
            services.resolve(incident, by=commander, at=after(minutes=12))
        return Incident.objects.get(pk=incident.pk)

    return make


def likeness(number, *, title=0.0, same_group=False, same_service=False, resolved=True, words=()):
    return Likeness(number, title, same_group, same_service, resolved, tuple(words))


def found_for(incident):
    return [each.incident for each in similar(incident)]


@pytest.mark.parametrize(
    ("found", "order"),
    [
        ([], []),
        ([likeness(1, title=0.29)], []),
        ([likeness(1, title=0.29, same_service=True)], []),
        ([likeness(1, title=0.0, same_group=True)], [1]),
        ([likeness(1, title=0.5), likeness(2, title=0.9)], [2, 1]),
        ([likeness(1, title=0.5, same_service=True), likeness(2, title=0.6)], [1, 2]),
        ([likeness(1, title=1.0, resolved=False), likeness(2, title=0.3)], [2, 1]),
        ([likeness(1, title=0.5), likeness(2, title=0.5)], [2, 1]),
        ([likeness(n, title=0.5) for n in range(9)], [8, 7, 6]),
        ([likeness(1, words=["oom"])], []),
        ([likeness(1, words=["oom"], same_service=True)], [1]),
        ([likeness(1, words=["oom", "kafka"])], [1]),
        ([likeness(1, title=0.4), likeness(2, title=0.4, words=["a", "b"])], [2, 1]),
    ],
)
def test_the_likest_come_first_and_what_is_over_before_what_is_open(found, order):
    assert [each.number for each in ranked(found, most=3)] == order


@pytest.mark.parametrize(
    ("title", "like"),
    [
        ("서명 노드 sig-01 응답 없음", "서명 노드 응답 없음"),
        ("Disk almost full on db-02", "DISK ALMOST FULL on db-01"),
        ("출금 중단", "출금 지연"),
    ],
)
def test_words_are_compared_in_any_language_and_case(titled, title, like):
    known = titled(like)
    titled("Certificate expires soon")

    assert found_for(titled(title, over=False)) == [known]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([""], []),
        (["출금이 느려요, 대기열에서 멈춤"], ["출금", "느려요", "대기열", "멈춤"]),
        (["API가 503 을 줘요"], ["api", "503", "줘요"]),
        (["The disk of db-02 is full"], ["disk", "db-02", "full"]),
        (["a 5 12 %", "- -- 7"], []),
        (["disk", "Disk full", "디스크가 가득"], ["disk", "full", "디스크", "가득"]),
        (["회의"], ["회의"]),
        ([" ".join(f"word{n}" for n in range(99))], [f"word{n}" for n in range(MOST)]),
    ],
)
def test_words_that_say_something_are_taken_as_they_begin(texts, words):
    assert telling_words(texts) == words


@pytest.mark.parametrize(
    ("found", "shared"),
    [
        ([], {}),
        ([(1, "oom"), (1, "kafka"), (2, "kafka")], {1: ("oom", "kafka"), 2: ("kafka",)}),
        ([(1, "oom"), (1, "oom")], {1: ("oom",)}),
        ([*((n, "disk") for n in range(COMMON + 1)), (3, "oom")], {3: ("oom",)}),
        ([(n, "oom") for n in range(9)], {8: ("oom",), 7: ("oom",), 6: ("oom",)}),
    ],
)
def test_what_is_common_tells_nothing_and_what_is_rare_the_most(found, shared):
    assert sharing(found, most=3) == shared


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("델리게이션이 풀려서 대납이 안 돼요", "원인: 델리게이션 만료, 대납을 다시 켬"),
        ("kafka broker-3 was OOMKilled", "OOMKilled again; moved kafka to bigger machines"),
    ],
)
def test_what_was_written_in_a_note_is_found_by_a_description(
    titled, commander, browser, said, noted
):
    known = titled("Alpha")
    services.note(known, noted, by=commander, at=after(minutes=5))
    now = titled("Zulu", over=False)
    Incident.objects.filter(pk=now.pk).update(description=said)
    now.refresh_from_db()

    (found,) = similar(now)
    assert found.incident == known
    assert len(found.why.words) >= TOGETHER
    part = browser.get(f"/incidents/{now.number}/similar/").content.decode()
    assert found.why.words[0] in part


def test_what_was_noted_here_is_found_in_a_description_there(titled, commander):
    known = titled("Alpha")
    Incident.objects.filter(pk=known.pk).update(description="서명기 재시작 중 nonce 꼬임")
    now = titled("Zulu", over=False)
    services.note(now, "서명기에서 nonce가 꼬였어요", by=commander, at=after(minutes=5))

    assert found_for(now) == [known]


def test_the_same_alerts_are_the_same_trouble_whatever_it_was_called(titled):
    known = titled("이름이 전혀 다름", group="withdrawals/q")

    assert found_for(titled("API latency", group="withdrawals/q", over=False)) == [known]


def test_a_room_tells_when_it_was_how_long_it_took_and_how_it_ended(titled, browser, commander):
    known = titled("출금 중단 — TRC-20")
    draft(known, by=commander, at=after(hours=1))
    now = titled("출금 중단 — TRC-20 USDT", over=False)

    page = browser.get(f"/incidents/{now.number}/similar/").content.decode()

    assert f"#{known.number} 출금 중단" in page
    assert "12분" in page
    assert "재시작으로 끝남" in page
    assert f"/incidents/{known.number}/postmortem/" in page


def test_a_room_asks_for_it_once_and_gets_a_part(titled, browser):
    now = titled("출금 중단", over=False)

    room = browser.get(f"/incidents/{now.number}/").content.decode()
    part = browser.get(f"/incidents/{now.number}/similar/", headers={"hx-request": "true"})

    assert 'hx-trigger="load"' in room
    assert "<html" not in part.content.decode()


def test_it_costs_the_same_however_much_there_is(titled, browser, commander):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/incidents/{now.number}/similar/")
        return len(queries)

    now = titled("출금 중단", group="g", over=False)
    titled("출금 중단 1", group="g")
    cost()
    few = cost()
    for n in range(LOOKED_AT + 5):
        titled(f"출금 중단 {n}", group="g")

    assert cost() == few
    assert few < 15


@pytest.mark.parametrize(
    "index",
    ["incident_title_nearest", "incident_kin", "said_words"],
)
def test_it_is_looked_up_and_not_searched_for(titled, index):
    now = titled("출금 중단", group="g", over=False)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as queries:
        similar(now)
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            query["plan"] = str(cursor.fetchall())

    assert any(index in query.get("plan", "") for query in queries.captured_queries)


def test_the_api_names_them(api, titled):
    known, now = titled("출금 중단"), titled("출금 중단 다시", over=False)

    found = api.get(f"/api/v1/incidents/{now.number}/similar/").json()

    assert [each["number"] for each in found] == [known.number]
    assert found[0]["why"]["title"] > 0.3
