import pytest

from statuspage.domain.phases import Kind, Phase, may_follow
from statuspage.domain.states import (
    INDICATOR,
    Impact,
    Overall,
    State,
    impact_of,
    overall,
)

OK, WORK, SLOW, PART, DOWN = (
    State.OPERATIONAL, State.MAINTENANCE, State.DEGRADED, State.PARTIAL, State.MAJOR,
)  # fmt: skip


@pytest.mark.parametrize(
    ("leaves", "sentence", "indicator"),
    [
        ([], Overall.OPERATIONAL, "none"),
        ([OK, OK], Overall.OPERATIONAL, "none"),
        ([OK, WORK], Overall.MAINTENANCE, "maintenance"),
        ([OK, SLOW], Overall.PARTLY_DEGRADED, "minor"),
        ([WORK, SLOW], Overall.PARTLY_DEGRADED, "minor"),
        ([SLOW, SLOW], Overall.DEGRADED, "minor"),
        ([OK, PART], Overall.MINOR, "minor"),
        ([PART, SLOW], Overall.MINOR, "minor"),
        ([PART, PART], Overall.PARTIAL, "major"),
        ([OK, DOWN], Overall.PARTIAL, "major"),
        ([PART, DOWN], Overall.PARTIAL, "major"),
        ([DOWN, DOWN], Overall.MAJOR, "critical"),
    ],
)
def test_the_page_in_a_sentence(leaves, sentence, indicator):
    assert overall(leaves) is sentence
    assert INDICATOR[sentence] == indicator


def test_green_components_do_not_drown_an_open_incident():
    assert overall([OK, OK], [Impact.MAJOR]) is Overall.PARTIAL
    assert overall([OK, OK], [Impact.NONE]) is Overall.OPERATIONAL
    assert overall([DOWN, DOWN], [Impact.MINOR]) is Overall.MAJOR


def test_an_incident_stays_as_grave_as_it_once_was():
    assert impact_of([SLOW]) is Impact.MINOR
    assert impact_of([OK], so_far=Impact.CRITICAL) is Impact.CRITICAL
    assert impact_of([]) is Impact.NONE


@pytest.mark.parametrize(
    ("old", "new", "kind", "may"),
    [
        (None, Phase.INVESTIGATING, Kind.INCIDENT, True),
        (Phase.MONITORING, Phase.IDENTIFIED, Kind.INCIDENT, True),
        (Phase.RESOLVED, Phase.INVESTIGATING, Kind.INCIDENT, True),
        (Phase.RESOLVED, Phase.POSTMORTEM, Kind.INCIDENT, True),
        (Phase.MONITORING, Phase.POSTMORTEM, Kind.INCIDENT, False),
        (None, Phase.SCHEDULED, Kind.INCIDENT, False),
        (None, Phase.SCHEDULED, Kind.MAINTENANCE, True),
        (Phase.SCHEDULED, Phase.COMPLETED, Kind.MAINTENANCE, True),
        (Phase.IN_PROGRESS, Phase.SCHEDULED, Kind.MAINTENANCE, False),
        (Phase.COMPLETED, Phase.IN_PROGRESS, Kind.MAINTENANCE, False),
    ],
)
def test_what_may_follow_what(old, new, kind, may):
    assert may_follow(old, new, kind) is may
