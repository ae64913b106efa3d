"""What happened before the newest two hundred: always in reach, and never twice."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from incidents import services
from incidents.domain.story import EPOCH, Place
from incidents.screens.room.timeline import EVENTS_SHOWN, KEPT
from incidents.services.timeline import Entry, append
from tests.incidents.conftest import after

BY_HTMX = {"hx-request": "true"}


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def long(declare, commander):
    """Declared and paged, then notes, four of them at the same moment; 450 lines in all."""
    incident = declare("P1")
    write(incident, commander, 448)
    return incident


def write(incident, who, count, *, minute=10):
    at = after(minutes=minute)
    append(
        incident,
        *[Entry("note", at + timedelta(seconds=n // 4), by=who, data={"text": f"n{n}"}) for n in range(count)],
    )  # fmt: skip


def seqs(context):
    return [line.seq for line in context["timeline"]]


def asked(answer, attribute):
    """Where "show older" leads."""
    found = re.search(rf'id="show-older"[^>]*?{attribute}="([^"]*)"', answer.content.decode())
    return found and found[1].replace("&amp;", "&")


@given(
    st.timedeltas(timedelta(0), timedelta(days=365 * 500)).map(lambda since: EPOCH + since),
    st.integers(0, 10**17),
    st.integers(0, 10**8),
)
def test_a_place_is_read_as_it_was_written(at, number, seq):
    place = Place(at, number, seq)
    assert Place.read(str(place)) == place


@pytest.mark.parametrize("word", ["", "1", "1.2", "1.2.3.4", "-1.2.3", "１.2.3", "9" * 18 + ".1.1", "x.y.z", "1.1.1\x00"])  # fmt: skip
def test_nonsense_is_no_place(word):
    assert Place.read(word) is None


@pytest.mark.django_db
@pytest.mark.parametrize("show", ["all", "people", "key"])
def test_whoever_has_no_scripts_leafs_to_the_beginning_and_misses_nothing(browser, long, show):
    told, query = [], f"?show={show}"
    while query:
        answer = browser.get(f"/incidents/{long.number}/{query}")
        told += seqs(answer.context)
        query = asked(answer, "href")

    expected = long.timeline.shown(show, pinned=()).order_by("-at", "-seq")
    assert told == [event.seq for event in expected]
    assert 'id="show-newest"' in answer.content.decode() or show == "key"


@pytest.mark.django_db
def test_older_lines_come_below_with_their_filter_and_without_the_room(browser, long):
    room = browser.get(f"/incidents/{long.number}/?show=people")
    first = browser.get(asked(room, "hx-get"), headers=BY_HTMX)
    second = browser.get(asked(first, "hx-get"), headers=BY_HTMX)

    together = seqs(room.context) + seqs(first.context) + seqs(second.context)
    assert together == sorted(together, reverse=True)
    assert len(together) == 449
    assert "<html" not in first.content.decode()
    assert [page.content.decode().count('name="to"') for page in (first, second)] == [1, 0]
    assert asked(second, "hx-get") is None


@pytest.mark.django_db
def test_what_comes_meanwhile_leaves_no_gap_above_what_was_unfolded(browser, long, commander):
    room = browser.get(f"/incidents/{long.number}/")
    older = browser.get(asked(room, "hx-get"), headers=BY_HTMX)
    floor = re.search('name="to" value="([^"]*)"', older.content.decode())[1]
    write(long, commander, 7, minute=30)

    live = browser.get(f"/incidents/{long.number}/live/?v=0&to={floor}", headers=BY_HTMX)

    assert seqs(live.context) == [*range(457, 450, -1), *seqs(room.context)]
    assert "innerHTML:#older" not in live.content.decode()


@pytest.mark.django_db
def test_after_many_more_the_older_ones_fold_away_again(browser, long, commander):
    room = browser.get(f"/incidents/{long.number}/")
    floor = room.context["timeline"][-1]
    write(long, commander, KEPT - EVENTS_SHOWN + 1, minute=30)
    place = Place(floor.at, long.number, floor.seq)

    live = browser.get(f"/incidents/{long.number}/live/?v=0&to={place}", headers=BY_HTMX)

    assert len(live.context["timeline"]) == EVENTS_SHOWN
    assert 'hx-swap-oob="innerHTML:#older"' in live.content.decode()


@pytest.mark.django_db
def test_the_timelines_of_the_merged_are_read_on_along_with_it(browser, long, declare, commander):
    other = declare("P2")
    write(other, commander, 300)
    services.merge(other, into=long, by=commander, at=after(hours=1))

    told, query = [], "?with=merged"
    while query:
        answer = browser.get(f"/incidents/{long.number}/{query}")
        told += [(line.number or long.number, line.seq) for line in answer.context["timeline"]]
        query = asked(answer, "href")

    assert len(told) == len(set(told)) == long.timeline.count() + other.timeline.count()


@pytest.mark.django_db
def test_a_key_moment_of_long_ago_is_one_press_away(browser, long, commander):
    services.pin(long, 3, by=commander, at=after(hours=1))

    [moment] = browser.get(f"/incidents/{long.number}/").context["moments"]
    address = moment.address

    assert address.endswith("#event-3")
    assert (
        address.replace("&", "&amp;") in browser.get(f"/incidents/{long.number}/").content.decode()
    )
    assert seqs(browser.get(f"/incidents/{long.number}/{address}").context)[0] == 3


@pytest.mark.django_db
def test_the_way_older_lines_are_asked_for_leads_into_the_room_without_scripts(browser, long):
    answer = browser.get(f"/incidents/{long.number}/older/?show=people&before=5.1.1")

    assert answer["Location"] == f"/incidents/{long.number}/?show=people&before=5.1.1"
