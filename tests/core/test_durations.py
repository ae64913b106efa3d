from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.durations import SIZES, UNITS, Part, clock, parts, words

SPANS = st.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000))


@pytest.mark.parametrize(
    ("span", "korean", "english"),
    [
        (timedelta(), "0초", "0 s"),
        (timedelta(seconds=40), "40초", "40 s"),
        (timedelta(minutes=2, seconds=40), "2분 40초", "2 min 40 s"),
        (timedelta(hours=1, minutes=5, seconds=30), "1시간 5분", "1 h 5 min"),
        (timedelta(hours=3), "3시간", "3 h"),
        (timedelta(days=2, hours=4, minutes=59), "2일 4시간", "2 d 4 h"),
        (timedelta(days=2, seconds=5), "2일", "2 d"),
        (timedelta(minutes=-12), "12분", "12 min"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span, korean, english):
    assert words(span, language="ko") == korean
    assert words(span, language="en").replace("\N{NO-BREAK SPACE}", " ") == english


def test_more_units_can_be_asked_for():
    span = timedelta(hours=1, minutes=5, seconds=30)
    assert words(span, language="ko", most=3) == "1시간 5분 30초"
    assert words(span, language="ko", most=1) == "1시간"


def test_numbers_and_units_come_apart_for_large_figures():
    assert parts(timedelta(minutes=65), language="ko") == (Part(1, "시간"), Part(5, "분"))


def test_a_regional_language_code_is_understood():
    assert words(timedelta(minutes=3), language="ko-kr") == "3분"
    assert words(timedelta(minutes=3), language="en-gb").endswith("min")


@pytest.mark.parametrize(
    ("span", "face"),
    [
        (timedelta(), "00:00"),
        (timedelta(minutes=3, seconds=41), "03:41"),
        (timedelta(hours=1, minutes=3, seconds=41), "1:03:41"),
        (timedelta(days=2, hours=4), "52:00:00"),
        (timedelta(seconds=-30), "−00:30"),
        (timedelta(milliseconds=-400), "00:00"),
    ],
)
def test_a_clock_shows_minutes_and_seconds_and_hours_when_needed(span, face):
    assert clock(span) == face


@given(SPANS, st.sampled_from(["ko", "en"]), st.integers(1, 4))
def test_words_never_overstate_and_miss_less_than_their_last_place(span, language, most):
    shown = parts(span, language=language, most=most)
    size = dict(zip(UNITS[language], SIZES, strict=True))
    said = sum(part.number * size[part.unit] for part in shown)
    places = SIZES[SIZES.index(size[shown[0].unit]) :][:most]
    assert 0 <= abs(span).total_seconds() - said < places[-1] + 1e-3
