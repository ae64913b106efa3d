import pytest

from incidents.domain.lifecycle import MOVES, OPEN, Status, may_move

TABLE = {
    ("triggered", "acknowledged"),
    ("triggered", "mitigated"),
    ("triggered", "resolved"),
    ("acknowledged", "mitigated"),
    ("acknowledged", "resolved"),
    ("mitigated", "resolved"),
    ("resolved", "triggered"),
}


@pytest.mark.parametrize("new", Status)
@pytest.mark.parametrize("old", Status)
def test_only_the_moves_of_the_table_are_allowed(old, new):
    assert may_move(old, new) == ((old, new) in TABLE)


def test_a_word_that_is_no_status_is_refused():
    with pytest.raises(ValueError, match="snoozed"):
        may_move("snoozed", "resolved")


def test_whatever_is_open_can_be_resolved():
    assert all(Status.RESOLVED in MOVES[status] for status in OPEN)


def test_every_status_is_reached_and_left():
    assert set(MOVES) == set(Status)
    assert set().union(*MOVES.values()) == set(Status)
