"""Matchers of labels, as Alertmanager's users know them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.matching import (
    BadMatcher,
    Matcher,
    choosy,
    read_json,
    read_lines,
    written,
)

LABELS = {"alertname": "출금 지연", "instance": "db-1"}


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        ('alertname="출금 지연"', True),
        ("alertname=출금 지연", True),
        ("alertname=출금", False),
        ("alertname!=출금", True),
        ("instance=~db-.*", True),
        ("instance=~db", False),
        ("instance!~web-.*", True),
        ('team=""', True),
        ("team=", True),
        ("team!=", False),
        ("team=~.*", True),
        ("team=~.+", False),
    ],
)
def test_a_label_that_is_not_there_is_empty_and_a_pattern_means_the_whole(line, fits):
    [matcher] = read_lines(line)

    assert matcher.fits(LABELS) is fits


@pytest.mark.parametrize(
    "line", ["alertname", "=x", "a b=x", 'a="x', "a=~(", 'a=~"["', "{a=x}", "a!x"]
)
def test_what_cannot_be_read_is_refused_with_the_line(line):
    with pytest.raises(BadMatcher):
        read_lines(f"ok=1\n{line}")


@pytest.mark.parametrize("lines", ["", "a=", "a=~.*\nb=~x?", "a!=x", "\n".join(["a=x"] * 31)])
def test_a_silence_of_simply_everything_is_refused(lines):
    with pytest.raises(BadMatcher):
        choosy(read_lines(lines))


@pytest.mark.parametrize(
    "bad", [None, {}, "a", [1], [{"name": "a"}], [{"name": "", "value": ""}],
            [{"name": "a", "value": 1}], [{"name": "a", "value": "(", "isRegex": True}],
            [{"name": "a\0", "value": "x"}]]
)  # fmt: skip
def test_what_an_api_cannot_mean_is_refused(bad):
    with pytest.raises(BadMatcher):
        read_json(bad)


def test_an_api_that_does_not_know_unequal_means_equal():
    assert read_json([{"name": "a", "value": "b", "isRegex": False}]) == [Matcher("a", "b")]


names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
values = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(st.builds(Matcher, names, values, st.just(value=False), st.booleans()))
def test_what_is_written_is_read_again(matcher):
    assert read_json([matcher.as_json()]) == [matcher]
    assert read_lines(written([matcher])) == [matcher]


def test_lines_from_a_browser_end_as_it_ends_them():
    assert read_lines('a=b\r\nc="d"\r\n') == [Matcher("a", "b"), Matcher("c", "d")]
