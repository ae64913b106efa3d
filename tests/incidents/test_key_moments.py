"""Timeline: what a reader asks for, and the moments somebody marked."""

import pytest
from django.test import Client

from core.errors import Refused
from incidents import services
from incidents.domain.story import Show, asked
from incidents.models import Incident
from tests.incidents.conftest import after, kinds, post
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def told(fire, commander):
    """From an alert, with its pages, an answer and a note: seq 1 to 4."""
    incident = fire("k1")
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    services.note(incident, "서명 노드를 봐요", by=commander, at=after(minutes=2))
    return incident


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def shown(browser, incident, show):
    context = browser.get(f"/incidents/{incident.number}/?show={show}").context
    return [line.kind for line in context["timeline"]]


@pytest.mark.parametrize(
    ("show", "seen"),
    [
        ("all", ["note", "status", "paged", "alert"]),
        ("people", ["note", "status"]),
        ("pages", ["paged"]),
        ("alerts", ["alert"]),
        ("key", ["note", "status"]),
        ("nonsense", ["note", "status", "paged", "alert"]),
    ],
)
def test_the_timeline_shows_what_is_asked_for(browser, told, commander, show, seen):
    services.pin(told, 4, by=commander, at=after(minutes=3))

    assert shown(browser, told, show) == seen


def test_a_live_update_keeps_what_is_asked_for(browser, told):
    page = browser.get(f"/incidents/{told.number}/?show=pages").content.decode()
    live = browser.get(
        f"/incidents/{told.number}/live/?v=0&show=pages", headers={"hx-request": "true"}
    )

    assert "&amp;show=pages" in page
    assert 'id="event-2"' in live.content.decode()
    assert 'id="event-4"' not in live.content.decode()


@pytest.mark.parametrize("word", ["", "ALL", "pages ", "\x00", "전체"])
def test_an_unknown_word_hides_nothing(word):
    assert asked(word) == Show.ALL


def test_a_pin_marks_a_moment_and_leaves_the_timeline_alone(browser, told):
    before = fresh(told)
    answer = browser.post(f"/incidents/{told.number}/pin/", {"seq": 4, "show": "people"})

    page = browser.get(f"/incidents/{told.number}/")
    assert answer["Location"] == f"/incidents/{told.number}/?show=people#event-4"
    assert [line.text for line in page.context["moments"]] == ["서명 노드를 봐요"]
    assert fresh(told).timeline_head == before.timeline_head


def test_who_polls_sees_a_pin_and_its_end(browser, told, commander):
    seen = fresh(told).version
    services.pin(told, 4, by=commander, at=after(minutes=3))
    pinned = fresh(told).version
    services.unpin(told, 4, by=commander, at=after(minutes=4))

    live = f"/incidents/{told.number}/live/?v="
    assert browser.get(live + seen).status_code == 200
    assert browser.get(live + pinned).status_code == 200
    assert browser.get(live + fresh(told).version).status_code == 204
    assert not fresh(told).pins.exists()


def test_a_pin_by_htmx_asks_the_room_to_look_again(browser, told):
    path = f"/incidents/{told.number}/pin/"
    answer = browser.post(path, {"seq": 4}, headers={"hx-request": "true"})

    assert (answer.content, answer["HX-Trigger"]) == (b"", '{"moved": {}}')


@pytest.mark.parametrize("seq", ["", "0", "-1", "99", "x", "99999999999", "\x00"])
def test_a_moment_that_is_not_there_is_refused_in_words(browser, told, seq):
    answer = browser.post(f"/incidents/{told.number}/pin/", {"seq": seq}, follow=True)

    assert 'class="message warning"' in answer.content.decode()
    assert not told.pins.exists()


def test_where_everything_is_a_key_moment_nothing_is(told, commander):
    for n in range(30):
        services.note(told, f"n{n}", by=commander, at=after(minutes=5))
    for seq in range(1, 21):
        services.pin(told, seq, by=commander, at=after(minutes=6))

    services.pin(told, 20, by=commander, at=after(minutes=6))  # it is one already
    with pytest.raises(Refused):
        services.pin(told, 21, by=commander, at=after(minutes=6))


@pytest.mark.django_db(transaction=True)
def test_two_who_pin_the_same_moment_at_once_pin_it_once(declare, commander):
    incident = declare("P1")

    outcomes = at_once(*[lambda: services.pin(incident, 1, by=commander, at=after())] * 4)

    assert raised(outcomes) == []
    assert incident.pins.count() == 1
    assert kinds(incident) == ["declared", "paged"]


def test_the_api_pins_and_filters(api, declare):
    incident = declare("P1")
    pins = f"/api/v1/incidents/{incident.number}/pins"
    assert api.put(f"{pins}/2/").status_code == 204
    assert api.put(f"{pins}/9/").status_code == 409

    timeline = api.get(f"/api/v1/incidents/{incident.number}/timeline/?show=key").json()
    assert [(each["seq"], each["pinned"]) for each in timeline["results"]] == [
        (1, False),
        (2, True),
    ]
    assert api.delete(f"{pins}/2/").status_code == 204
    assert post(api, f"{incident.number}/notes/", text="n").json()["pinned"] is False
