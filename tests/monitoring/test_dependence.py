"""Which alerts call nobody because of another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.dependence import Trouble, cause_of
from teams.domain.dependence import depths, goes_in_circles

NETWORK, DATABASE, API, WITHDRAWALS, MAIL = range(5)
GRAPH = {DATABASE: [NETWORK], API: [DATABASE], WITHDRAWALS: [API, DATABASE]}


def test_what_a_service_stands_on_is_found_however_deep():
    assert depths(WITHDRAWALS, GRAPH) == {API: 1, DATABASE: 2, NETWORK: 3}
    assert depths(NETWORK, GRAPH) == {}


@pytest.mark.parametrize(
    ("troubles", "severity", "cause"),
    [
        ([], "P1", None),
        ([(1, DATABASE, "P1")], "P1", 1),
        ([(1, DATABASE, "P1")], "P3", 1),
        ([(1, DATABASE, "P1")], "P0", None),
        ([(1, DATABASE, "P0")], "P0", 1),
        ([(1, DATABASE, "P2")], "P3", None),
        ([(1, MAIL, "P0")], "P3", None),
        ([(1, WITHDRAWALS, "P0")], "P3", None),
        ([(1, API, "P0"), (2, NETWORK, "P1")], "P1", 2),
        ([(1, API, "P1"), (2, DATABASE, "P1")], "P1", 2),
        ([(2, DATABASE, "P1"), (1, DATABASE, "P1"), (3, DATABASE, "P0")], "P1", 3),
    ],
    ids=[
        "nothing else is wrong", "what it needs is down", "milder", "graver than its cause",
        "both gravest", "what it needs is not down", "no part of it", "itself",
        "the lowest", "the lowest by the longest way", "the gravest of one",
    ],
)  # fmt: skip
def test_whom_an_alert_is_quiet_because_of(troubles, severity, cause):
    found = cause_of(WITHDRAWALS, severity, [Trouble(*one) for one in troubles], GRAPH)

    assert found == cause


def test_no_service_may_stand_on_itself():
    assert goes_in_circles(NETWORK, [WITHDRAWALS], GRAPH)
    assert goes_in_circles(MAIL, [MAIL], GRAPH)
    assert not goes_in_circles(MAIL, [WITHDRAWALS, NETWORK], GRAPH)


SERVICES = st.integers(0, 7)


@given(st.dictionaries(SERVICES, st.sets(SERVICES, max_size=4)), SERVICES)
def test_a_circle_ends_and_nothing_stands_on_itself(graph, service):
    assert service not in depths(service, graph)


@given(
    st.dictionaries(SERVICES, st.sets(SERVICES, max_size=3)),
    st.lists(st.builds(Trouble, st.integers(1, 99), SERVICES, st.sampled_from(["P0", "P1", "P2"])),
             max_size=6, unique_by=lambda one: one.alert),
)  # fmt: skip
def test_where_nothing_goes_in_circles_somebody_is_always_called(graph, troubles):
    downward = {one: {below for below in found if below > one} for one, found in graph.items()}

    causes = {
        one.alert: cause_of(one.service, one.severity, troubles, downward) for one in troubles
    }

    assert not troubles or None in causes.values()
    for cause in filter(None, causes.values()):
        assert causes[cause] is None, "quiet because of one that is quiet"
