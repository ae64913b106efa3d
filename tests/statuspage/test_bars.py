"""90 days as a bar, and how much of all bars stands on one page."""

from datetime import date, timedelta
from typing import Any

import pytest

from statuspage.domain import bars, folding
from statuspage.domain.bars import Day
from statuspage.domain.board import Block, Row
from statuspage.domain.brief import CARDS, LETTERS, brief
from statuspage.domain.states import State
from statuspage.domain.uptime import Tally

FIRST = date(2026, 9, 1)
LETTER = {
    "o": State.OPERATIONAL, "u": State.UNKNOWN, "m": State.MAINTENANCE, "d": State.DEGRADED,
    "x": State.PARTIAL, "z": State.MAJOR,
}  # fmt: skip


def days(said: str) -> list[Day]:
    return [Day(FIRST + timedelta(n), LETTER[one], 60) for n, one in enumerate(said)]


def row(said: str, state: State = State.OPERATIONAL) -> Row:
    name = {"ko": "출금", "en": "Withdrawals"}
    return Row(said, name, {"ko": "", "en": ""}, state, True, days(said), (0, 1), Tally())


def group(number: int, *rows: Row) -> Block:
    return Block(f"g{number}", {"ko": "묶음", "en": "Group"}, rows)


@pytest.mark.parametrize(
    ("said", "lengths"),
    [
        ("", []),
        ("ooo", [3]),
        ("uuoo", [2, 2]),
        ("oozoo", [2, 1, 2]),
        ("zz", [1, 1]),  # each lasted as long as it did
        ("mdxz", [1, 1, 1, 1]),
    ],
)
def test_neighbours_are_one_if_there_is_nothing_to_say_of_each(said, lengths):
    assert [one.length for one in bars.runs(days(said))] == lengths
    assert sum(lengths) == len(said)


@pytest.mark.parametrize(
    ("members", "worst"),
    [
        (["ooo"], "ooo"),
        (["odo", "oox"], "odx"),
        (["uuz", "uoo"], "uoz"),  # what is known of one is known of the group
        (["mz", "dm"], "dz"),
    ],
)
def test_a_groups_day_is_the_worst_of_its_members(members, worst):
    found = bars.pooled([days(one) for one in members])
    assert [one.state for one in found] == [LETTER[one] for one in worst]


def test_a_small_page_shows_all_of_them():
    blocks = [group(1, row("o" * 90)), group(2, row("oz" * 45))]
    assert folding.front(blocks, 40_000) == folding.Front(blocks)


def test_a_large_page_shows_a_line_a_group_and_the_gravest_of_what_is_affected():
    bad = [row("o" * 90, State.DEGRADED), row("o" * 90, State.MAJOR)]
    blocks = [group(n, *[row("o" * 90)] * 50, *bad) for n in range(20)]

    found = folding.front(blocks, 40_000)

    assert (found.blocks, found.unlisted) == ((), 0)
    assert [one.id for one in found.lines] == [one.id for one in blocks]
    assert len(found.affected) + found.unnamed == 40
    assert [one.state for _, one in found.affected[:20]] == [State.MAJOR] * 20


@pytest.mark.parametrize("room", [0, 700, 5_000, 40_000])
def test_what_has_no_room_is_counted(room):
    blocks = [group(n, row("oz" * 45, State.MAJOR)) for n in range(200)]

    found = folding.front(blocks, room)

    assert len(found.lines) + found.unlisted == 200
    assert len(found.affected) + found.unnamed == 200
    shown = sum(folding.of_folded(one) for one in found.lines)
    assert shown + sum(folding.of_line(one.name, ()) for _, one in found.affected) <= room


def test_a_long_list_goes_on_as_many_pages_as_it_takes_in_its_order():
    found = folding.pages(range(10), lambda _one: 30, room=100)
    assert found == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]
    assert folding.pages([1, 2], lambda _one: 500, room=100) == [[1], [2]]
    assert folding.pages([], lambda _one: 1) == [[]]


def notice(*words: str) -> Any:
    return {"id": words[0], "updates": [{"body": {"ko": one, "en": ""}} for one in words]}


def test_the_newest_words_are_told_and_that_there_are_more():
    told = brief([notice("끝", "중간", "가" * LETTERS)])
    assert [one["body"]["ko"] for one in told.cards[0]["updates"]] == ["끝", "중간"]
    assert told.cards[0]["is_cut"]

    told = brief([notice("끝", "처음")])
    assert not told.cards[0]["is_cut"]

    told = brief([notice("가" * (LETTERS + 1))])
    assert told.cards[0]["updates"][0]["body"]["ko"] == "가" * (LETTERS - 1) + "…"
    assert told.cards[0]["is_cut"]


def test_of_many_notices_some_are_told_and_all_are_named():
    told = brief([notice(f"{n}") for n in range(CARDS + 3)])
    assert [one["id"] for one in told.cards] == [str(n) for n in range(CARDS)]
    assert [one["id"] for one in told.others] == ["4", "5", "6"]
