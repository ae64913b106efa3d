from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.chain import GENESIS, Link, digest, first_break

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVENT = Link(1, 1, AT, "note", 7, "김하늘", {"text": "확인 중", "n": 1})

texts = st.text(st.characters(codec="utf-8"), max_size=20)
events = st.lists(
    st.builds(
        Link,
        incident=st.just(1),
        seq=st.just(0),
        at=st.datetimes(timezones=st.just(UTC)),
        kind=st.sampled_from(["alert", "note", "status"]),
        actor_id=st.none() | st.integers(1, 9),
        actor=texts,
        data=st.dictionaries(texts, texts | st.integers() | st.booleans(), max_size=3),
    ),
    min_size=1,
    max_size=8,
)


def chain(links):
    """The links numbered and sealed, as the timeline stores them."""
    sealed, head = [], GENESIS
    for seq, link in enumerate(links, 1):
        numbered = replace(link, seq=seq)
        head = digest(numbered, head)
        sealed.append((numbered, head))
    return sealed


def check(stored, whole):
    return first_break(stored, length=len(whole), head=whole[-1][1] if whole else GENESIS)


@given(events)
def test_a_whole_chain_has_no_break(links):
    assert check(chain(links), chain(links)) is None


def test_an_empty_timeline_has_no_break():
    assert first_break([], length=0, head=GENESIS) is None


@given(events, st.data())
def test_a_changed_event_is_found_at_its_place(links, data):
    whole = chain(links)
    place = data.draw(st.integers(0, len(whole) - 1))
    link, seal = whole[place]
    forged = [*whole]
    forged[place] = (replace(link, actor=link.actor + "!"), seal)

    assert check(forged, whole) == (place + 1, "changed")


@given(events, st.data())
def test_a_changed_event_with_a_fresh_seal_breaks_the_next(links, data):
    whole = chain(links)
    place = data.draw(st.integers(0, len(whole) - 1))
    forged = [*whole]
    changed = replace(whole[place][0], kind="forged")
    forged[place] = (changed, digest(changed, whole[place - 1][1] if place else GENESIS))

    wrong = "cut off" if place == len(whole) - 1 else "changed"
    assert check(forged, whole) == (place + 2, wrong)


@given(events, st.data())
def test_a_removed_event_is_found_where_it_was(links, data):
    whole = chain(links)
    place = data.draw(st.integers(0, len(whole) - 1))

    found = check(whole[:place] + whole[place + 1 :], whole)

    assert found == (place + 1, "cut off" if place == len(whole) - 1 else "missing")


@given(events, st.data())
def test_a_cut_tail_is_found_where_it_begins(links, data):
    whole = chain(links)
    kept = data.draw(st.integers(0, len(whole) - 1))

    assert check(whole[:kept], whole) == (kept + 1, "cut off")


@given(events, st.data())
def test_two_swapped_events_are_found_at_the_first(links, data):
    whole = chain([*links, EVENT])
    place = data.draw(st.integers(0, len(whole) - 2))
    swapped = [*whole]
    swapped[place : place + 2] = reversed(whole[place : place + 2])

    assert check(swapped, whole) == (place + 1, "missing")


def test_an_event_put_in_between_is_found():
    whole = chain([EVENT, EVENT])

    assert check([whole[0], whole[0], whole[1]], whole) == (2, "missing")


@pytest.mark.parametrize(
    "change",
    [
        {"incident": 2}, {"seq": 2}, {"at": AT + timedelta(microseconds=1)}, {"kind": "status"},
        {"actor_id": None}, {"actor": "김하늘 "}, {"data": {"text": "확인 중", "n": "1"}},
    ],
)  # fmt: skip
def test_every_field_is_sealed(change):
    assert digest(replace(EVENT, **change), GENESIS) != digest(EVENT, GENESIS)


def test_the_same_moment_in_another_zone_has_the_same_seal():
    in_seoul = replace(EVENT, at=AT.astimezone(timezone(timedelta(hours=9))))

    assert digest(in_seoul, GENESIS) == digest(EVENT, GENESIS)


def test_the_order_in_which_facts_are_written_does_not_matter():
    turned = replace(EVENT, data=dict(reversed(EVENT.data.items())))

    assert digest(turned, GENESIS) == digest(EVENT, GENESIS)
