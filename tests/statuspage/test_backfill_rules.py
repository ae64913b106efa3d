"""What makes a past one story, and what it does to the figures: rules without a table."""

from datetime import date, datetime, timedelta

import pytest

from statuspage.domain import ledger
from statuspage.domain.backfill import (
    Fault,
    Spell,
    Word,
    ended_at,
    faults_of_spells,
    faults_of_words,
    in_order,
    state_at,
)
from statuspage.domain.effects import effects
from statuspage.domain.ledger import Known, Rules
from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.domain.uptime import Span

NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = Rules("Asia/Seoul", {State.MAJOR: 100, State.PARTIAL: 30})
BEGAN = NOW - DAY
INVESTIGATING, RESOLVED, REVIEW = Phase.INVESTIGATING, Phase.RESOLVED, Phase.POSTMORTEM


def word(hours, phase, text="말"):
    return Word(BEGAN + hours * HOUR, phase, text)


def spell(begin, end, component="a", state=State.MAJOR):
    return Spell(component, state, BEGAN + begin * HOUR, BEGAN + end * HOUR)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], [(Fault.SILENT, None)]),
        ([word(0, INVESTIGATING), word(1, RESOLVED)], []),
        ([word(1, RESOLVED), word(0, INVESTIGATING)], []),  # typed in any order
        ([word(1, RESOLVED)], []),
        ([word(0, INVESTIGATING)], [(Fault.UNENDED, None)]),
        ([word(1, RESOLVED), word(2, INVESTIGATING)], [(Fault.UNENDED, None)]),
        ([word(1, RESOLVED), word(2, REVIEW)], []),
        ([word(1, REVIEW)], [(Fault.DISORDER, 0)]),
        ([word(1, RESOLVED), word(0, REVIEW)], [(Fault.DISORDER, 1)]),
        ([word(1, RESOLVED), word(2, Phase.MERGED)], [(Fault.DISORDER, 1)]),
        ([word(1, RESOLVED, " ")], [(Fault.EMPTY, 0)]),
        ([word(25, RESOLVED)], [(Fault.AHEAD, 0)]),
        ([word(1, Phase.COMPLETED)], [(Fault.DISORDER, 0)]),
    ],
)
def test_words_of_a_past(words, expected):
    assert [(one.fault, one.word) for one in faults_of_words(words, now=NOW)] == expected


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([], []),
        ([spell(0, 1), spell(1, 2, state=State.PARTIAL)], []),
        ([spell(0, 1), spell(0, 1, "b")], []),
        ([spell(0, 2), spell(1, 3)], [(Fault.TWICE, 1)]),
        ([spell(1, 1)], [(Fault.BACKWARDS, 0)]),
        ([spell(2, 1)], [(Fault.BACKWARDS, 0)]),
        ([spell(0, 9)], [(Fault.OUTLASTS, 0)]),
        ([spell(0, 25)], [(Fault.AHEAD, 0)]),
        ([spell(-24 * 3, 1)], [(Fault.UNKNOWN, 0)]),
    ],
)
def test_states_of_a_past(spells, expected):
    since = dict.fromkeys("ab", date(2026, 11, 21))
    found = faults_of_spells(spells, since, end=BEGAN + 8 * HOUR, zone="Asia/Seoul", now=NOW)
    assert [(one.fault, one.spell) for one in found] == expected


def test_the_first_day_is_one_of_the_pages_zone():
    since = {"a": date(2026, 11, 22)}
    midnight = datetime.fromisoformat("2026-11-21T15:00:00+00:00")
    for early, expected in ((0, []), (1, [Fault.UNKNOWN])):
        at = midnight - early * timedelta(seconds=1)
        one = Spell("a", State.MAJOR, at, at + HOUR)
        found = faults_of_spells([one], since, end=None, zone="Asia/Seoul", now=NOW)
        assert [each.fault for each in found] == expected


def test_it_is_over_where_it_stayed_over():
    words = [
        word(0, INVESTIGATING), word(1, RESOLVED), word(2, INVESTIGATING), word(3, RESOLVED),
        word(9, REVIEW),
    ]  # fmt: skip
    assert ended_at(words) == BEGAN + 3 * HOUR
    assert ended_at(words[:3]) is None
    assert in_order(reversed(words)) == words


def test_a_state_holds_from_its_beginning_and_not_at_its_end():
    spells = [spell(0, 1), spell(1, 2, state=State.PARTIAL)]
    states = [state_at(spells, "a", BEGAN + hours * HOUR) for hours in (-1, 0, 1, 2)]
    assert states == [State.OPERATIONAL, State.MAJOR, State.PARTIAL, State.OPERATIONAL]
    assert state_at(spells, "b", BEGAN) is State.OPERATIONAL


def known(*spans):
    return Known("a", {"ko": "a", "en": "a"}, None, date(2026, 9, 1), list(spans))


def outage(text, hours, state=State.MAJOR):
    began = int(datetime.fromisoformat(text).timestamp())
    return Span(state, began, began + hours * 3600)


def said(was, becomes, entries=()):
    return [
        (f"{one.month:%m}" if one.month else "90", one.closed, one.before, one.after)
        for one in effects([(was, becomes)], entries, RULES, now=NOW)
    ]


def test_a_months_figure_moves_and_no_other():
    found = said(known(), known(outage("2026-10-10T00:00:00+00:00", 1)))
    assert found == [("90", False, 10_000, 9_995), ("10", False, 10_000, 9_986)]


def test_what_changes_nothing_has_no_effect():
    one = outage("2026-10-10T00:00:00+00:00", 1)
    assert said(known(one), known(one)) == []
    assert said(known(one), known(one, one)) == [], "the worst counts once"


def test_a_closed_month_is_measured_by_what_was_said_of_it():
    month = ledger.month_of(date(2026, 10, 1), [known()], [], RULES)
    entries = [ledger.chained(month, None, "2026-11-04")]
    found = said(known(), known(outage("2026-10-10T00:00:00+00:00", 1, State.PARTIAL)), entries)
    assert found[1] == ("10", True, 10_000, 9_995)

    slow = said(known(), known(outage("2026-10-10T00:00:00+00:00", 1, State.DEGRADED)), entries)
    assert slow[1] == ("10", True, 10_000, 10_000), "an erratum all the same: the state is another"


def test_an_outage_over_the_turn_of_a_month_moves_both():
    found = said(known(), known(outage("2026-10-31T14:00:00+00:00", 2)))
    assert [one[0] for one in found] == ["90", "10", "11"]
