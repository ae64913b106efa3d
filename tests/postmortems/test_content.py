"""What two people change is put together; what changed between versions is told by place."""

import pytest

from postmortems.domain.content import Difference, differences, digest, merge

BASE = {"lessons": "", "summary": "s", "users": None}


@pytest.mark.parametrize(
    ("mine", "theirs", "saved", "clashes"),
    [
        ({}, {}, {}, ()),
        ({"lessons": "m"}, {}, {"lessons": "m"}, ()),
        ({}, {"lessons": "t"}, {}, ()),
        ({"lessons": "m"}, {"summary": "t"}, {"lessons": "m"}, ()),
        ({"lessons": "m"}, {"lessons": "t"}, {"lessons": "m"}, ("lessons",)),
        ({"lessons": "same"}, {"lessons": "same"}, {}, ()),
        ({"users": 0}, {}, {"users": 0}, ()),
        ({"users": 0}, {"users": 12, "lessons": "t"}, {"users": 0}, ("users",)),
    ],
)
def test_only_what_both_changed_otherwise_clashes(mine, theirs, saved, clashes):
    merged = merge(BASE, BASE | mine, BASE | theirs)

    assert (merged.texts, merged.clashes) == (saved, clashes)


def test_the_hash_is_of_what_is_said_and_not_of_its_order():
    assert digest({"a": 1, "b": "글"}) == digest({"b": "글", "a": 1}) != digest({"a": 1, "b": ""})


def test_a_difference_names_its_place_with_the_lines_before_and_after():
    old = {"texts": {"lessons": ""}, "whys": []}
    why = {"answer": "a", "evidence": [{"said": "CPU"}], "causes": [{"answer": "b"}]}
    new = {"texts": {"lessons": "x\ny"}, "whys": [why]}

    assert differences(old, new) == [
        Difference("lessons", (), ("x", "y")),
        Difference("whys", (), ("a [CPU]", "  b")),
    ]
    assert differences(new, new) == []
