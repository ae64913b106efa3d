"""The simulator: the pure course of an unanswered incident, and that reality follows it to the second."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents import services
from incidents.domain.clocks import Targets
from incidents.domain.escalation import AT_ONCE, Plan, Step
from incidents.domain.foresight import Rules, foresee
from incidents.models import EscalationPolicy, EscalationStep, Incident, SeverityPolicy
from incidents.services.foreseeing import pages_to_come
from incidents.services.publishing import publish
from notifications.models import Delivery, Lane
from teams.models import Service, Team, User
from teams.rotations import Override, Rotation
from teams.rules import NotificationRule
from tests.incidents.conftest import START, person

MINUTE = timedelta(minutes=1)
SPAN = 40 * MINUTE


def rules(**changed):
    usual = {
        "P0": Rules(Targets(15 * MINUTE, 120 * MINUTE), AT_ONCE),
        "P1": Rules(Targets(30 * MINUTE, 240 * MINUTE), AT_ONCE),
        "P2": Rules(Targets(120 * MINUTE, 1440 * MINUTE), AT_ONCE),
        "P3": Rules(Targets(1440 * MINUTE, 4320 * MINUTE), AT_ONCE),
    }
    return usual | changed


def course(severity, *, minutes, **changed):
    found = foresee(rules(**changed), severity, at=START, until=START + minutes * MINUTE)
    return [(int((m.at - START) / MINUTE), m.turn.value, m.severity) for m in found]


def test_an_unanswered_p1_climbs_and_then_calls_every_quarter_of_an_hour():
    assert course("P1", minutes=60) == [
        (0, "opened", "P1"), (30, "escalated", "P0"), (45, "escalated", "P0"),
        (60, "escalated", "P0"),
    ]  # fmt: skip


def test_the_steps_of_the_policy_come_before_the_climb_and_what_comes_too_late_never_comes():
    relay = Plan((Step(10 * MINUTE), Step(25 * MINUTE), Step(5 * MINUTE)))
    p1 = Rules(Targets(30 * MINUTE, 240 * MINUTE), relay)

    assert course("P1", minutes=30, P1=p1) == [
        (0, "opened", "P1"), (10, "next_step", "P1"), (30, "escalated", "P0"),
    ]  # fmt: skip


def test_a_target_that_the_graver_severity_has_missed_already_is_missed_at_once():
    p0 = Rules(Targets(15 * MINUTE, 20 * MINUTE), AT_ONCE)

    assert course("P1", minutes=31, P0=p0)[1:] == [
        (30, "escalated", "P0"), (30, "unresolved", "P0"),
    ]  # fmt: skip


PEOPLE = ["cto", "senior-dev", "dev1", "dev2", "devops", "ceo"]
step = st.fixed_dictionaries(
    {
        "wait": st.sampled_from([1, 4, 7, 15, 30]).map(lambda n: n * MINUTE),
        "severity_team": st.booleans(),
        "owners": st.booleans(),
        "contact": st.booleans(),
        "people": st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True),
        "teams": st.lists(st.sampled_from(["p0", "p1", "p2"]), max_size=1),
        "rotations": st.lists(st.sampled_from(["first", "second"]), max_size=2, unique=True),
        "slack": st.lists(st.just("C0000009"), max_size=1),
    }
)
policy = st.none() | st.fixed_dictionaries(
    {"repeats": st.integers(0, 2), "steps": st.lists(step, min_size=1, max_size=3)}
)


wish = st.tuples(
    st.sampled_from(PEOPLE), st.booleans(), st.sampled_from(["voice", "sms", "slack", "email"])
)
wishes = st.dictionaries(wish, st.integers(0, 5), max_size=6)
# From the incident's opening: many a page is held, and some only until the quiet time ends.
night = st.dictionaries(st.sampled_from(PEOPLE), st.integers(-20, 60), max_size=3)


def write(slug, said):
    row = EscalationPolicy.objects.create(
        slug=slug, name_ko=slug, name_en=slug, repeats=said["repeats"]
    )
    for place, each in enumerate(said["steps"]):
        plain = {
            name: value for name, value in each.items()
            if name not in {"people", "teams", "rotations"}
        }  # fmt: skip
        made = EscalationStep.objects.create(policy=row, place=place, **plain)
        made.people.set(User.objects.filter(username__in=each["people"]))
        made.teams.set(Team.objects.filter(slug__in=each["teams"]))
        made.rotations.set(Rotation.objects.filter(slug__in=each["rotations"]))
    publish(row, by=None, at=START)
    return row


def rest(wishes, nights):
    people = {user.username: user for user in User.objects.filter(username__in=PEOPLE)}
    NotificationRule.objects.bulk_create(
        NotificationRule(user=people[name], grave=grave, channel=channel, minutes=minutes)
        for (name, grave, channel), minutes in wishes.items()
    )
    for name, minutes in nights.items():
        ends = START.astimezone(ZoneInfo(people[name].time_zone)) + minutes * MINUTE
        begins = ends - timedelta(hours=1)
        User.objects.filter(username=name).update(quiet_from=begins.time(), quiet_to=ends.time())


def live(incident, until):
    """Every tick that has something to do, at the moment it is due."""
    due_next = services.escalate_due, services.call_next, services.mark_unresolved
    while True:
        incident.refresh_from_db()
        clocks = [incident.respond_by, incident.escalate_at]
        clocks += [] if incident.resolution_breached else [incident.resolve_by]
        at = max(incident.last, min(clock for clock in clocks if clock))
        if at > until:
            return
        incident.last = at
        while any(tick(at=at) for tick in due_next):
            pass


def happened(incident):
    rows = Delivery.objects.about(incident.topic).filter(lane=Lane.PAGE)
    return sorted(rows.values_list("created_at", "due_at", "recipient_name", "channel", "address"))


def foreseen(severity, known, until):
    scenes = pages_to_come(severity, services=known, at=START, until=until)
    return sorted(
        (scene.moment.at, scene.moment.at + page.after, page.name, page.channel, page.address)
        for scene in scenes
        for page in scene.pages
    )


@pytest.mark.django_db
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    policies=st.fixed_dictionaries(dict.fromkeys(("P0", "P1", "P2"), policy)),
    severity=st.sampled_from(["P0", "P1", "P2"]),
    respond=st.sampled_from([10, 15, 30]),
    resolve=st.sampled_from([20, 35, 240]),
    service=st.sampled_from(["withdrawals", "api", "admin"]),
    stand_in=st.none() | st.tuples(st.sampled_from(PEOPLE), st.integers(0, 35)),
    gone=st.none() | st.sampled_from(PEOPLE),
    wishes=wishes,
    nights=night,
)
def test_what_was_foreseen_is_what_happens(
    commander, policies, severity, respond, resolve, service, stand_in, gone, wishes, nights
):
    with transaction.atomic():
        for name, said in policies.items():
            row = write(name.lower(), said) if said else None
            SeverityPolicy.objects.filter(severity=name).update(
                escalation=row, respond_within=respond * MINUTE, resolve_within=resolve * MINUTE
            )
        if stand_in:
            begins = START + stand_in[1] * MINUTE
            Override.objects.create(
                rotation=Rotation.objects.get(slug="first"), user=person(stand_in[0]),
                starts_at=begins, ends_at=begins + 20 * MINUTE,
            )  # fmt: skip
        User.objects.filter(username=gone).update(is_active=False)
        rest(wishes, nights)
        known = [Service.objects.get(slug=service)]
        promised = foreseen(severity, known, START + SPAN)

        incident = services.declare(
            "출금 지연", severity=severity, by=commander, at=START, services=known
        )
        incident.last = START
        live(incident, START + SPAN)

        assert happened(incident) == promised
        transaction.set_rollback(True)
    assert not Incident.objects.exists()
