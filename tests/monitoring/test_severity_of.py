import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.alerts import severity_of
from monitoring.models.integration import SEVERITY_WORDS

KNOWN = {"P0", "P1", "P2", "P3", "none"}


def level(*said, mapping=SEVERITY_WORDS, default="P2"):
    return severity_of(said, mapping, default)


def test_words_nobody_knows_become_the_default():
    assert level("catastrophic", "", "  ", "P9", "p") == "P2"


@pytest.mark.parametrize("typed", ["P9", "p1", "", None, 1, ["P1"]])
def test_a_mistyped_entry_of_the_mapping_does_not_count(typed):
    assert level("critical", mapping={"critical": typed}) == "P2"


def test_nothing_said_becomes_the_default():
    assert level(default="P3") == "P3"


@pytest.mark.parametrize("said", ["critical", "CRITICAL", "Critical"])
def test_a_word_counts_however_it_is_written(said):
    assert level(said) == "P0"


@pytest.mark.parametrize("said", ["p1", "P1"])
def test_our_own_levels_need_no_mapping(said):
    assert level(said, mapping={}) == "P1"


def test_the_first_word_that_is_known_decides():
    assert level("team-a", "low", "critical") == "P3"


def test_an_alert_can_be_mapped_to_no_incident():
    assert level("debug") == "none"


@given(st.lists(st.text()), st.dictionaries(st.text(), st.text()))
def test_whatever_is_said_the_answer_is_a_level_we_have(said, mapping):
    assert level(*said, mapping=mapping) in KNOWN
