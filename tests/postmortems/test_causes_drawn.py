from postmortems.domain.causes_drawn import MOST, steps_of
from postmortems.domain.report import Why


def whys(*depths: int) -> tuple[Why, ...]:
    return tuple(Why(answer="x", depth=depth) for depth in depths)


def test_a_chain_hangs_each_answer_from_the_one_before_and_ends_in_the_root_cause():
    steps = steps_of(whys(0, 1, 2))
    assert [step.name for step in steps] == ["1", "2", "3"]
    assert [step.indent for step in steps] == [0, 7, 14]
    assert [step.rails for step in steps] == [(), (), ()]
    assert [step.deepest for step in steps] == [False, False, True]
    assert [step.immediate for step in steps] == [True, False, False]


def test_a_line_passes_by_what_stands_between_an_answer_and_its_next_sibling():
    first, below, second, under = steps_of(whys(0, 1, 2, 1))[:4]
    assert below.rails == (3.5,)
    assert second.rails == (3.5,)
    assert first.rails == under.rails == ()


def test_several_at_one_depth_have_letters_and_each_branch_its_root_cause():
    steps = steps_of(whys(0, 1, 2, 1, 0))
    assert [step.name for step in steps] == ["1a", "2a", "3", "2b", "1b"]
    assert [step.deepest for step in steps] == [False, False, True, True, False]


def test_a_tree_of_another_incident_cause_is_not_joined_to_the_first():
    assert steps_of(whys(0, 1, 0))[1].rails == ()


def test_more_letters_than_there_are():
    assert [step.name for step in steps_of(whys(*[0] * 28))][-3:] == ["1z", "1aa", "1ab"]


def test_what_nobody_answered_is_no_root_cause():
    steps = steps_of((Why(answer="x"), Why(depth=1)))
    assert not any(step.deepest for step in steps)


def test_the_deepest_of_twelve_still_has_room():
    deep = steps_of(whys(*range(12)))
    assert deep[-1].indent <= MOST
    assert all(step.reach > 0 for step in deep[1:])


def test_no_answers_are_no_tree():
    assert steps_of(()) == ()
