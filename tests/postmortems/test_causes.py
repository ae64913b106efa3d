"""The tree of causes, as a rule: what is immediate, what lies under it, how deep it goes."""

import pytest

from postmortems.domain.causes import Answer, depth_of, immediate, tree, underlying, walk

CHAIN = [Answer(1, None, "a"), Answer(2, 1, "b"), Answer(3, 2, "c")]
FORK = [*CHAIN, Answer(4, None, "d"), Answer(5, 1, "e")]


def texts(causes):
    return [one.answer.text for one in causes]


@pytest.mark.parametrize(
    ("answers", "first", "under", "depth"),
    [
        ([], [], [], 0),
        ([Answer(1, None, "a")], ["a"], [], 1),
        (CHAIN, ["a"], ["c"], 3),
        (FORK, ["a", "d"], ["c", "e"], 3),
    ],
)
def test_the_first_answers_are_immediate_and_the_ends_lie_under_them(answers, first, under, depth):
    causes = tree(answers)

    assert texts(immediate(causes)) == first
    assert texts(underlying(causes)) == under
    assert depth_of(causes) == depth


def test_each_stands_before_what_led_to_it():
    assert texts(walk(tree(FORK))) == ["a", "b", "c", "e", "d"]


def test_one_whose_answer_above_is_gone_stands_at_the_top():
    assert texts(tree([Answer(3, 2, "c")])) == ["c"]
