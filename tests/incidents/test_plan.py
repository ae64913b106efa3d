from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.paging import Person, plan

CHANNELS = ["voice", "sms", "slack", "email"]
ALL = {channel: f"{channel}-address" for channel in CHANNELS}

people = st.lists(
    st.builds(
        Person,
        user_id=st.integers(1, 6),
        name=st.text(max_size=5),
        language=st.sampled_from(["ko", "en"]),
        addresses=st.dictionaries(st.sampled_from([*CHANNELS, "pager"]), st.text(min_size=1)),
    ),
    max_size=8,
)
orders = st.lists(st.sampled_from(CHANNELS), unique=True)


def person(number, **addresses):
    return Person(number, f"person {number}", "ko", addresses)


def pages(*args):
    return [(page.user_id, page.channel) for page in plan(*args)]


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


@given(people, orders)
def test_no_page_is_planned_twice(people, channels):
    planned = pages(people, channels)

    assert len(planned) == len(set(planned))


@given(people, orders)
def test_everyone_with_an_address_is_reached_somehow(people, channels):
    last_word = {person.user_id: person for person in people}
    reachable = {number for number, person in last_word.items() if person.addresses}

    assert {page.user_id for page in plan(people, channels)} == reachable


@given(people, orders)
def test_a_page_carries_its_persons_own_address(people, channels):
    last_word = {person.user_id: person for person in people}

    assert all(
        page.address == last_word[page.user_id].addresses[page.channel]
        for page in plan(people, channels)
    )
