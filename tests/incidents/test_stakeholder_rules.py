"""The manual's table of who is told (M8.1), as rules: P0 is graver than P1, whatever a string says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.stakeholders import (
    Happening,
    Rule,
    Told,
    called_for,
    channel_for,
    gathered,
    goes_at,
    latest,
    next_update,
)

AT = datetime.fromisoformat("2026-11-24T03:12:40+00:00")
EVERYTHING = {"voice": "+821", "sms": "+821", "slack": "U1", "email": "e", "webhook": "w"}
MANAGEMENT = Rule(1, "management", frozenset({"opened", "severity"}), at_least="P1")
CUSTOMERS = Rule(2, "customers", frozenset({"opened", "impact"}), customer_impact=True)
PARTNERS = Rule(3, "partners", frozenset({"opened"}), services=frozenset({"api", "wallet"}))
OVER = Rule(4, "customers", frozenset({"resolved"}))
AGAIN = Rule(5, "management", frozenset({"update_due"}), at_least="P1")
RULES = [MANAGEMENT, CUSTOMERS, PARTNERS, OVER, AGAIN]


@pytest.mark.parametrize(
    ("event", "severity", "felt", "services", "told", "groups"),
    [
        ("opened", "P0", False, "", "", "management"),
        ("opened", "P1", False, "", "", "management"),
        ("opened", "P2", False, "", "", ""),
        ("opened", "P3", False, "", "", ""),
        ("opened", "P3", True, "", "", "customers"),
        ("opened", "P0", True, "", "", "management customers"),
        ("opened", "P3", False, "api", "", "partners"),
        ("opened", "P3", False, "web wallet", "", "partners"),
        ("opened", "P3", False, "web", "", ""),
        ("severity", "P1", True, "", "", "management"),
        ("severity", "P2", True, "", "", ""),
        ("impact", "P3", True, "", "", "customers"),
        ("resolved", "P1", True, "", "", ""),
        ("resolved", "P1", True, "", "customers", "customers"),
        ("update_due", "P1", False, "", "management", "management"),
        ("update_due", "P1", False, "", "customers", ""),
    ],
)
def test_the_manuals_table_says_who_is_told(event, severity, felt, services, told, groups):
    happening = Happening(
        event, severity, frozenset(services.split()), felt, frozenset(told.split())
    )

    assert [rule.group for rule in called_for(RULES, happening)] == groups.split()


def test_a_group_is_told_once_of_one_thing_by_its_first_rule():
    second = Rule(9, "management", frozenset({"opened"}))

    found = called_for([MANAGEMENT, second], Happening("opened", "P0"))

    assert [rule.key for rule in found] == [1]


@pytest.mark.parametrize(
    ("urgency", "has", "loud", "external", "channel"),
    [
        ("immediate", "voice sms slack email", "voice sms slack email", False, "voice"),
        ("immediate", "voice sms slack email", "sms slack email", False, "sms"),
        ("immediate", "email", "sms", False, "email"),
        ("immediate", "voice", "email", False, "voice"),
        ("immediate", "voice email", "voice email", True, "email"),
        ("immediate", "voice", "voice", True, "voice"),
        ("high", "voice sms slack email", "voice sms slack email", False, "slack"),
        ("high", "voice sms email", "voice sms", True, "email"),
        ("normal", "voice sms slack email", "voice", False, "email"),
        ("low", "sms", "voice", False, "sms"),
        ("immediate", "", "voice", False, None),
    ],
)
def test_urgency_and_severity_choose_the_channel(urgency, has, loud, external, channel):
    addresses = {each: EVERYTHING[each] for each in has.split()}

    assert channel_for(urgency, addresses, loud=loud.split(), external=external) == channel


@pytest.mark.parametrize(
    ("urgency", "goes"),
    [
        ("immediate", "03:12:40"),
        ("high", "03:12:40"),
        ("normal", "04:00:00"),
        ("low", "04:00:00"),
    ],
)
def test_what_is_not_urgent_waits_for_the_hours_digest(urgency, goes):
    assert f"{goes_at(urgency, at=AT):%H:%M:%S}" == goes


def test_the_next_update_follows_the_last_one_where_the_severity_asks_for_updates():
    assert next_update(AT, every=timedelta(minutes=30)) == AT + timedelta(minutes=30)
    assert next_update(AT, every=None) is None


def at(minutes):
    return datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(minutes=minutes)


FEW = [(1, "P1", 0), (2, "P1", 1), (3, "P1", 2)]


@pytest.mark.parametrize(
    ("before", "this", "goes"),
    [
        ([], (9, "P1", 0), 0),
        (FEW[:2], (9, "P1", 3), 3),  # some trouble is no storm
        (FEW, (9, "P1", 3), 7),  # the fourth waits for those that may follow
        ([*FEW, (4, "P1", 7)], (9, "P1", 4), 7),  # … and goes with them
        ([*FEW, (4, "P1", 7), (5, "P1", 7), (6, "P1", 7)], (9, "P1", 8), 12),
        ([*FEW, (4, "P1", 7)], (9, "P1", 12), 12),  # the storm is over
        (FEW, (1, "P1", 3), 3),  # news of one of them: the others are only two
        ([*FEW, (4, "P1", 7)], (9, "P0", 4), 4),  # the first of its gravity
        ([(number, "P0", at) for number, _, at in FEW], (9, "P1", 3), 7),
    ],
)
def test_a_few_go_at_once_and_a_storm_goes_together(before, this, goes):
    told = [Told(7, number, severity, at(minutes)) for number, severity, minutes in before]
    number, severity, minutes = this

    assert gathered(Told(7, number, severity, at(minutes)), told) == at(goes)
    assert gathered(Told(8, number, severity, at(minutes)), told) == at(minutes)


TOLD = st.builds(
    Told, st.sampled_from([7, 8]), st.integers(1, 9), st.sampled_from(["P0", "P1", "P2"]),
    st.integers(0, 12).map(at),
)  # fmt: skip


@given(TOLD, st.lists(TOLD, max_size=40))
def test_the_latest_few_decide_as_all_of_them_would(this, before):
    assert gathered(this, latest(before)) == gathered(this, before)


def test_a_storm_of_thousands_is_remembered_by_a_few():
    storm = [Told(7, number, "P1", at(number / 1000)) for number in range(3000)]

    assert {told.incident for told in latest(storm)} == {2999, 2998, 2997, 2996}
