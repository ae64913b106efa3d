"""A table that a spreadsheet only reads."""

import csv
import io

import pytest

from postmortems.domain.figures.sheet import sheet


@pytest.mark.parametrize("word", ["=1+1", "+82", "-x", "@sum", " =1", "\t=1", "\r@x"])
def test_what_would_begin_a_formula_is_words(word):
    (row,) = csv.reader(io.StringIO(sheet([[word]]).lstrip("\ufeff"), newline=""))

    assert row == [f"'{word}"]


def test_numbers_stay_numbers_and_nothing_stays_empty():
    assert sheet([["지연", -1.5, None, 0]]) == "\ufeff지연,-1.5,,0\r\n"
