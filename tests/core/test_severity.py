import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.severity import CHOICES, Severity, gravest

levels = st.sampled_from(Severity)


@pytest.mark.parametrize(("old", "new"), [("P3", "P2"), ("P2", "P1"), ("P1", "P0"), ("P0", "P0")])
def test_one_up_stops_at_the_gravest(old, new):
    assert Severity(old).one_up == new


def test_a_severity_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="P4"):
        Severity("P4")


@given(st.lists(levels, min_size=1))
def test_the_gravest_is_the_smallest_number(several):
    assert gravest(several) == f"P{min(int(level[1]) for level in several)}"


def test_choices_are_stored_as_they_are_shown():
    assert CHOICES == [("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")]
