"""Alertmanager's regular expressions, and that no pattern keeps us busy."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.regular import LONGEST, pattern
from monitoring.domain.walking import BadPattern


@pytest.mark.parametrize(
    ("written", "fits", "not_"),
    [
        ("db-.*", ["db-", "db-1"], ["adb-1", "db"]),
        ("db-1|db-2", ["db-1", "db-2"], ["db-12", ""]),
        ("", [""], ["a"]),
        ("^db$", ["db"], ["db$"]),
        ("(?:a|b)+c?", ["a", "abac"], ["", "c"]),
        ("(?P<zone>a)(b)", ["ab"], ["a"]),
        ("[a-c0-9]{2,3}", ["a1", "abc"], ["a", "abcd", "zz"]),
        ("a{2}", ["aa"], ["a", "aaa"]),
        ("a{2,}", ["aa", "aaaa"], ["a"]),
        ("a{0}", [""], ["a"]),
        ("[^0-9]", ["a", "출"], ["1", ""]),
        ("[]a]", ["]", "a"], ["b"]),
        (r"\d+\.\d*", ["1.", "12.5"], ["1", "١."]),
        ("[[:alpha:]_]+", ["ab_"], ["1", "출"]),
        ("출금.*", ["출금", "출금 지연"], ["입금"]),
        ("(?i)DB", ["db", "Db"], ["d"]),
        ("a.c", ["abc"], ["a\nc", "ac"]),
        ("(a*)*", ["", "aaa"], ["b"]),
        ("(|a)+", ["", "aa"], ["b"]),
        ("a{", ["a{"], ["a"]),
        ("a.*?b", ["ab", "axb"], ["a"]),
    ],
)
def test_what_fits_is_the_whole_text(written, fits, not_):
    assert [text for text in fits if not pattern(written).matches(text)] == []
    assert [text for text in not_ if pattern(written).matches(text)] == []


@pytest.mark.parametrize(
    "written",
    ["(", ")", "a)", "[", "*", "a**", "+a", r"\1", r"\b", "\\", "(?=a)", "(?!a)", "(?<=a)", "(??)",
     "(?#a)", "a{3,2}", "a{9999}", "[z-a]", "a^b", "(a$)b", "(" * 60 + ")" * 60, "a" * (LONGEST + 1),
     "((a{100}){100}){100}"],
)  # fmt: skip
def test_a_bad_pattern_is_refused(written):
    with pytest.raises(BadPattern):
        pattern(written)


@pytest.mark.parametrize(
    "written", ["(a|aa)*b", "(a*)*b", "(a|a)*b", ".*.*.*.*.*.*.*.*b", "(a?){500}b", "(a?){900}"]
)
def test_no_pattern_takes_long(written):
    pattern.cache_clear()
    started = time.process_time()

    assert not pattern(written).matches("a" * 1024 + "c")

    assert time.process_time() - started < 5  # a second way after the other would take years


parts = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "a|b", "(a|)", "a*", "b+", "a?", "b{1,2}"])
patterns = st.recursive(
    parts,
    lambda inner: (
        st.builds("(?:{}){}".format, inner, st.sampled_from(["", "*", "?", "{2}"]))
        | st.builds("{}{}".format, inner, inner)
        | st.builds("{}|{}".format, inner, inner)
    ),
    max_leaves=6,
)


@given(patterns, st.text("abc", max_size=8))
def test_it_agrees_with_pythons_own(written, text):
    assert pattern(written).matches(text) == bool(re.fullmatch(written, text))
