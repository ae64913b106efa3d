import json
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.source import first, flat, likeness, moment, text

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(anything, st.integers(1, 50))
def test_any_json_becomes_text_that_can_be_stored(value, limit):
    said = text(value, limit)

    assert len(said) <= limit
    assert "\x00" not in said
    assert said.encode() is not None  # no half characters


@pytest.mark.parametrize(("value", "said"), [(None, ""), (" a ", "a"), (7, "7"), (math.inf, "inf")])
def test_a_value_is_said_as_a_person_would_write_it(value, said):
    assert text(value) == said


def test_what_cannot_be_stored_is_replaced_and_not_dropped():
    assert text("a\x00b\ud800c 출금 🔥") == "a\ufffdb\ufffdc 출금 🔥"


@given(anything)
def test_any_json_becomes_flat_labels(value):
    labels = flat(value)

    assert len(labels) <= 100
    assert all(name and content for name, content in labels.items())
    assert json.dumps(labels).encode()


def test_labels_that_say_nothing_are_dropped():
    assert flat({"svc": "wallet", "pod": "", "": "x", "zone": None}) == {"svc": "wallet"}


def test_of_a_thousand_labels_a_hundred_are_kept():
    assert len(flat({f"label{n}": "x" for n in range(1000)})) == 100


@pytest.mark.parametrize(
    "value",
    [
        "", "now", "2026-13-01T00:00:00Z", "2026-11-23T25:00:00Z", "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-11-23T00:00:00+99:99",
        None, 1_795_000_000, {}, ["2026-11-23T00:00:00Z"], True,
    ],
)  # fmt: skip
def test_what_is_no_moment_is_none(value):
    assert moment(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-23T00:05:58.839Z", "2026-11-23T09:05:58.839+09:00", "2026-11-23T00:05:58.839",
        "2026-11-23T00:05:58.839000000Z",
    ],
)  # fmt: skip
def test_the_same_moment_in_every_spelling(value):
    assert moment(value) == datetime(2026, 11, 23, 0, 5, 58, 839_000, tzinfo=UTC)


@given(st.text() | st.datetimes(timezones=st.timezones() | st.none()).map(str))
def test_every_moment_can_be_shown_in_every_zone(value):
    found = moment(value)

    assert found is None or found.astimezone(UTC) + timedelta(days=1)


def test_the_first_name_with_something_behind_it_counts():
    assert (
        first(
            {"title": "", "summary": None, "message": "m", "name": "n"},
            "title",
            "summary",
            "message",
        )
        == "m"
    )
    assert first({"title": ""}, "title", "summary") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("disk /dev/sda1 on web-01 at 91%", "disk /dev/sdb2 on web-17 at 99%"),
        ("job 7f3a-11 failed", "job 9b0c-42 failed"),
    ],
)
def test_titles_that_differ_in_numbers_are_alike(one, other):
    assert likeness(one) == likeness(other)


def test_titles_that_differ_in_words_are_not_alike():
    assert likeness("출금 중단") != likeness("입금 중단")


@given(st.text())
def test_a_likeness_is_its_own_likeness(title):
    assert likeness(likeness(title)) == likeness(title)
    assert len(likeness(title)) <= 255
