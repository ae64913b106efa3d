"""The first route that fits decides where an alert goes."""

import pytest

from monitoring.domain.matching import read_lines
from monitoring.domain.routing import AT_LEAST, AT_MOST, Destination, RouteRule, route_of, sent_by

LABELS = {"team": "wallet", "host": "w-1", "env": "dev"}
SAID = Destination(service="wallet", severity="P2", group="Stuck")


def rule(lines="team=wallet", key=1, **said):
    return RouteRule(key, read_lines(lines), **said)


def sent(**said):
    return sent_by(rule(**said), SAID, LABELS)


def test_the_first_that_fits_decides():
    rules = [rule("team=web", 1), rule("env=dev", 2), rule("team=wallet", 3)]

    assert route_of(LABELS, 7, rules).key == 2
    assert route_of({"team": "other"}, 7, rules) is None


def test_a_route_of_one_integration_is_about_its_alerts_only():
    assert route_of(LABELS, 7, [rule(integration=8)]) is None
    assert route_of(LABELS, 8, [rule(integration=8)])


def test_what_a_route_does_not_say_stays_as_the_sender_said():
    assert sent() == SAID


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"severity": "P0"}, "P0"),
        ({"severity": "P3"}, "P3"),
        ({"severity": "none"}, "none"),
        ({"severity": "P1", "how": AT_LEAST}, "P1"),
        ({"severity": "P3", "how": AT_LEAST}, "P2"),
        ({"severity": "P1", "how": AT_MOST}, "P2"),
        ({"severity": "P3", "how": AT_MOST}, "P3"),
    ],
)
def test_a_severity_is_set_or_bounded(said, severity):
    assert sent(**said).severity == severity


def test_what_the_sender_keeps_only_is_raised_by_a_floor_and_left_by_a_ceiling():
    kept = Destination("", "none", "")

    assert sent_by(rule(severity="P2", how=AT_LEAST), kept, {}).severity == "P2"
    assert sent_by(rule(severity="P2", how=AT_MOST), kept, {}).severity == "none"


def test_a_route_names_the_team_and_without_one_nobody_does():
    assert sent(team=4).team == 4
    assert sent().team is None


def test_labels_make_the_group():
    assert sent(group_by=["host", "zone"]).group == "host=w-1, zone="
