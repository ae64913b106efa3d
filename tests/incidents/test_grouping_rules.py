from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.intake import OpenIncident, group_of, home_of, severity_after_joining

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GROUP = group_of("wallet", "QueueStuck")
KNOWN = {GROUP: OpenIncident(214, GROUP, NOON)}

severities = st.sampled_from(["P0", "P1", "P2", "P3"])


def home(group=GROUP, *, at=NOON, window=HOUR):
    found = home_of(group, at=at, open_incidents=KNOWN, window=window)
    return found.number if found else None


def test_an_alert_of_another_group_stays_outside():
    assert home(group_of("wallet", "Other")) is None


def test_an_alert_after_the_window_stays_outside():
    assert home(at=NOON + HOUR + timedelta(seconds=1)) is None


@pytest.mark.parametrize("after", [timedelta(0), HOUR / 2, HOUR])
def test_an_alert_within_the_window_joins(after):
    assert home(at=NOON + after) == 214


def test_the_service_and_the_key_cannot_be_mistaken_for_each_other():
    assert group_of("a", "bc") != group_of("ab", "c")


@given(severities, severities)
def test_a_persons_decision_stands(current, alert):
    assert severity_after_joining(current, alert, chosen_by_a_person=True) == current


@given(severities, severities)
def test_joining_only_ever_makes_an_incident_graver(current, alert):
    after = severity_after_joining(current, alert, chosen_by_a_person=False)

    assert after in {current, alert}
    assert after <= current
    assert after <= alert
