from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.paging import LATEST, NOW, Page, Person, plan

MINUTE = timedelta(minutes=1)
CHANNELS = ["voice", "sms", "slack", "email"]
ALL = {channel: f"{channel}-address" for channel in CHANNELS}

people = st.lists(
    st.builds(
        Person,
        user_id=st.integers(1, 6),
        name=st.text(max_size=5),
        language=st.sampled_from(["ko", "en"]),
        addresses=st.dictionaries(st.sampled_from([*CHANNELS, "pager"]), st.text(min_size=1)),
        wishes=st.none()
        | st.dictionaries(
            st.sampled_from([*CHANNELS, "pager"]), st.integers(0, 60).map(lambda n: n * MINUTE)
        ),
        quiet=st.sampled_from([NOW, 90 * MINUTE]),
    ),
    max_size=8,
)
orders = st.lists(st.sampled_from(CHANNELS), unique=True)


def person(number, **addresses):
    return Person(number, f"person {number}", "ko", addresses)


def pages(*args, grave=True):
    return [(page.user_id, page.channel) for page in plan(*args, grave=grave)]


def test_nobody_is_paged_when_there_is_nobody():
    assert pages([], CHANNELS) == []


def test_somebody_without_any_address_is_passed_over():
    assert pages([person(1), person(2, email="e")], ["email"]) == [(2, "email")]


def test_everyone_is_rung_before_anyone_is_mailed():
    both = [Person(number, "", "ko", ALL) for number in (1, 2)]

    assert pages(both, ["voice", "email"]) == [
        (1, "voice"), (2, "voice"), (1, "email"), (2, "email"),
    ]  # fmt: skip


def test_whom_no_channel_of_the_severity_reaches_is_paged_by_what_they_have():
    only_a_phone = person(1, sms="+82", voice="+82")

    assert pages([only_a_phone], ["slack", "email"]) == [(1, "sms"), (1, "voice")]


def test_a_person_named_twice_is_paged_once():
    assert pages([person(1, email="e"), person(1, email="e")], ["email"]) == [(1, "email")]


def waits(wishes, channels, *, grave, has=ALL, quiet=NOW):
    wished = {channel: minutes * MINUTE for channel, minutes in wishes.items()}
    someone = Person(1, "", "ko", has, wished, quiet)
    return {page.channel: page.after / MINUTE for page in plan([someone], channels, grave=grave)}


@pytest.mark.parametrize(
    ("wishes", "grave", "expected"),
    [
        ({"slack": 0, "voice": 2}, True, {"slack": 0, "voice": 2, "email": 5}),
        ({"slack": 0, "voice": 2}, False, {"slack": 0, "voice": 2}),
        ({"sms": 3, "voice": 5}, True, {"sms": 0, "voice": 2, "email": 5, "slack": 5}),
        ({"email": 0, "voice": 60}, True, {"email": 0, "voice": 5, "slack": 5}),
        ({"pager": 0}, True, {"slack": 0, "email": 0}),
        ({"pager": 0, "voice": 30}, False, {"voice": 0}),
        ({}, True, {"slack": 0, "email": 0}),
    ],
)
def test_wishes_come_first_and_the_severitys_other_channels_follow_when_it_is_grave(
    wishes, grave, expected
):
    assert waits(wishes, ["slack", "email"], grave=grave) == expected


def test_quiet_hours_hold_what_is_not_grave_until_they_end():
    eight = {"slack": 0, "voice": 10}

    assert waits(eight, ["email"], grave=False, quiet=90 * MINUTE) == {"slack": 90, "voice": 90}
    assert waits(eight, ["email"], grave=True, quiet=90 * MINUTE) == {
        "slack": 0, "voice": 5, "email": 5,
    }  # fmt: skip


def test_a_page_that_was_to_come_later_than_this_one_is_no_reason_to_keep_it():
    page = Page(1, "", "ko", "sms", "+82", after=2 * MINUTE)
    now = datetime(2026, 11, 28, 3, 10, tzinfo=UTC)

    assert page.is_news({}, at=now)
    assert page.is_news({page.key: now + 3 * MINUTE}, at=now)
    assert not page.is_news({page.key: now + 2 * MINUTE}, at=now)
    assert not page.is_news({page.key: now - MINUTE}, at=now)


@given(people, orders)
def test_what_is_grave_reaches_everyone_at_once_by_something_and_never_waits_long(people, channels):
    planned = list(plan(people, channels, grave=True))

    assert {page.user_id for page in planned} == {p.user_id for p in planned if p.after == NOW}
    assert all(page.after <= LATEST and not page.held for page in planned)


@given(people, orders)
def test_no_page_is_planned_twice(people, channels):
    planned = pages(people, channels)

    assert len(planned) == len(set(planned))


@given(people, orders)
def test_everyone_with_an_address_is_reached_somehow(people, channels):
    last_word = {person.user_id: person for person in people}
    reachable = {number for number, person in last_word.items() if person.addresses}

    assert {page.user_id for page in plan(people, channels, grave=False)} == reachable


@given(people, orders)
def test_a_page_carries_its_persons_own_address(people, channels):
    last_word = {person.user_id: person for person in people}

    assert all(
        page.address == last_word[page.user_id].addresses[page.channel]
        for page in plan(people, channels, grave=True)
    )
