"""What the report asks for, each with what it follows from; chance asks for nothing."""

import pytest

from postmortems.domain.figures.advice import Facts, Kind, advise
from postmortems.domain.figures.changes import Change, Verdict
from postmortems.domain.figures.comparing import Compared
from postmortems.domain.figures.load import Load

QUIET = {key: Change(0.0, "s", -1.0, 1.0, Verdict.NOISE) for key in Compared}
MORE = Change(9.0, "s", 1.0, 17.0, Verdict.MORE)
NOTHING = {"changes": QUIET, "burns": [], "causes": [], "loads": [], "actions": (0, 0)}


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({}, []),
        ({"burns": [("a", 0.9), ("b", 1.5)]}, [Kind.BUDGET_SPENT]),
        ({"changes": QUIET | {Compared.RESOLVE: MORE}}, [Kind.SLOWER]),
        ({"changes": QUIET | {Compared.DETECT: MORE}}, []),
        ({"causes": [("x", 2)]}, []),
        ({"causes": [("x", 3)]}, [Kind.COMES_BACK]),
        ({"loads": [("kim", Load(1, 9, 3))]}, []),
        ({"loads": [("kim", Load(1, 9, 4))]}, [Kind.NIGHTS_LOST]),
        ({"actions": (8, 10)}, []),
        ({"actions": (7, 10)}, [Kind.ACTIONS_OPEN]),
    ],
)
def test_each_rule_speaks_from_its_bound_on(facts, kinds):
    assert [one.kind for one in advise(Facts(**(NOTHING | facts)))] == kinds


def test_what_customers_felt_most_stands_first():
    found = advise(Facts(**(NOTHING | {"burns": [("a", 1.1), ("b", 4.0)], "actions": (0, 1)})))

    assert [one.evidence.get("service") for one in found] == ["b", "a", None]
