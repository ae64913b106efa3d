"""The simulator: the pure course of an unanswered incident, and that reality follows it to the second."""

from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents import services
from incidents.domain.clocks import Targets
from incidents.domain.escalation import AT_ONCE, Plan, Step
from incidents.domain.foresight import Deed, Did, Rules, foresee
from incidents.models import EscalationPolicy, EscalationStep, Incident, SeverityPolicy
from incidents.services.foreseeing import pages_to_come
from incidents.services.opening import Draft, open_all
from incidents.services.policies import read_book
from incidents.services.publishing import publish
from notifications.models import Delivery, Lane, State
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


def lived(severity, *deeds, minutes, **changed):
    found = foresee(
        rules(**changed), severity, at=START, until=START + minutes * MINUTE,
        deeds=[Deed(START + minute * MINUTE, *did) for minute, *did in deeds],
    )  # fmt: skip
    return [(int((m.at - START) / MINUTE), m.turn.value) for m in found]


def test_an_answer_for_good_ends_the_calls_and_only_the_resolution_target_is_left():
    assert lived("P1", (4, Did.ANSWER, 1), minutes=600) == [
        (0, "opened"), (4, "acknowledged"), (240, "unresolved"),
    ]  # fmt: skip


def test_an_answer_that_lapses_calls_again_unless_something_was_done():
    p1 = Rules(Targets(30 * MINUTE, 240 * MINUTE), Plan((Step(),), lasts=10 * MINUTE))
    answered = (4, Did.ANSWER, 1)

    assert lived("P1", answered, minutes=40, P1=p1)[2:] == [(14, "lapsed")]
    assert lived("P1", answered, (9, Did.NOTE), minutes=40, P1=p1)[2:] == [(19, "lapsed")]


def test_where_several_must_answer_one_is_not_enough_and_twice_the_same_is_one():
    p1 = Rules(Targets(30 * MINUTE, 240 * MINUTE), Plan((Step(),), answers=2))
    two = [(4, Did.ANSWER, 1), (5, Did.ANSWER, 1), (6, Did.ANSWER, 2)]

    assert lived("P1", *two, minutes=40, P1=p1)[1:] == [(4, "answered"), (6, "acknowledged")]
    assert lived("P1", *two[:2], minutes=30, P1=p1)[1:] == [(4, "answered"), (30, "escalated")]


def test_what_is_mitigated_calls_nobody_but_for_a_missed_target_and_what_is_over_nobody():
    assert lived("P1", (4, Did.MITIGATE, 1), (5, Did.ANSWER, 2), minutes=600) == [
        (0, "opened"), (4, "mitigated"), (240, "unresolved"),
    ]  # fmt: skip
    assert lived("P1", (4, Did.MITIGATE, 1), (9, Did.RESOLVE, 1), minutes=600) == [
        (0, "opened"), (4, "mitigated"), (9, "resolved"),
    ]  # fmt: skip
    over = [(4, Did.RESOLVE, 1), (5, Did.MITIGATE, 1), (6, Did.CHANGE, 1, "P0")]
    assert lived("P1", *over, minutes=600) == [(0, "opened"), (4, "resolved")]


def test_an_answer_to_what_is_mitigated_never_lapses():
    p1 = Rules(Targets(30 * MINUTE, 240 * MINUTE), Plan((Step(),), lasts=10 * MINUTE))

    assert lived("P1", (4, Did.ANSWER, 1), (6, Did.MITIGATE, 1), minutes=200, P1=p1) == [
        (0, "opened"), (4, "acknowledged"), (6, "mitigated"),
    ]  # fmt: skip


def test_a_change_of_severity_asks_anew_while_nobody_has_answered():
    assert lived("P2", (4, Did.CHANGE, 0, "P1"), minutes=34) == [
        (0, "opened"), (4, "changed"), (34, "escalated"),
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
    {
        "repeats": st.integers(0, 2),
        "answers": st.integers(1, 3),
        "lasts": st.none() | st.sampled_from([3, 8]).map(lambda n: n * MINUTE),
        "steps": st.lists(step, min_size=1, max_size=3),
    }
)


wish = st.tuples(
    st.sampled_from(PEOPLE), st.booleans(), st.sampled_from(["voice", "sms", "slack", "email"])
)
wishes = st.dictionaries(wish, st.integers(0, 5), max_size=6)
# From the incident's opening: many a page is held, and some only until the quiet time ends.
night = st.dictionaries(st.sampled_from(PEOPLE), st.integers(-20, 60), max_size=3)


def write(slug, said):
    row = EscalationPolicy.objects.create(
        slug=slug, name_ko=slug, name_en=slug,
        **{name: said[name] for name in ("repeats", "answers", "lasts")},
    )  # fmt: skip
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


deed = st.tuples(
    st.integers(0, 39),
    st.sampled_from(["answer", "answer", "answer", "note", "change", "change", "mitigate", "resolve"]),
    st.sampled_from(PEOPLE), st.sampled_from(["P0", "P1", "P2", "P3"]),
)  # fmt: skip


def moments(said):
    """None at a moment of another's: whose was first would be a matter of luck."""
    return [
        Deed(
            START + minute * MINUTE + timedelta(seconds=7 + 9 * place), Did(did), person(who).pk, to
        )
        for place, (minute, did, who, to) in enumerate(said)
    ]


DO = {
    Did.ANSWER: lambda incident, by, _to, at: services.acknowledge(incident, by=by, at=at),
    Did.NOTE: lambda incident, by, _to, at: services.note(incident, "보고 있어요", by=by, at=at),
    Did.MITIGATE: lambda incident, by, _to, at: services.mitigate(incident, by=by, at=at),
    Did.RESOLVE: lambda incident, by, _to, at: services.resolve(incident, by=by, at=at),
    Did.CHANGE: lambda incident, by, to, at: services.change_severity(incident, to, by=by, at=at),
}


class Reality:
    """An incident that is lived through: what is due, at its moment, and what people do."""

    def __init__(self, incident, deeds):
        self.incident, self.deeds, self.at, self.sent = incident, sorted(deeds), START, []

    def live(self, until):
        while (at := self.next()) <= until:
            self.at = at
            self.deliver(at)
            if self.deeds and self.deeds[0].at == at:
                self.do(self.deeds.pop(0))
            else:
                self.tick(at)
        self.deliver(until)

    def next(self):
        one = self.incident
        one.refresh_from_db()
        clocks = [one.answer_lapses_at] if one.status == "acknowledged" else []
        clocks += [one.respond_by, one.escalate_at] if one.status == "triggered" else []
        clocks += [one.resolve_by] if one.is_open and not one.resolution_breached else []
        due = min((clock for clock in clocks if clock), default=START + 2 * SPAN)
        return min([max(self.at, due), *(each.at for each in self.deeds[:1])])

    def tick(self, at):
        due_next = (
            services.escalate_due, services.call_next, services.lapse_answers,
            services.mark_unresolved,
        )  # fmt: skip
        while any(tick(at=at) for tick in due_next):
            pass

    def do(self, deed):
        by = User.objects.get(pk=deed.person)
        with suppress(services.AlreadyMoved):
            DO[deed.did](self.incident, by, deed.severity, deed.at)

    def deliver(self, at):
        """Every page goes out when it is due, as long as nobody has withdrawn it."""
        rows = Delivery.objects.about(self.incident.topic).filter(lane=Lane.PAGE)
        due = rows.filter(state=State.PENDING, due_at__lte=at)
        self.sent += due.values_list("due_at", "recipient_name", "channel", "address")
        due.update(state=State.SENT, sent_at=at)


def foreseen(severity, known, until, deeds, routed_to):
    scenes = pages_to_come(
        severity, services=known, at=START, until=until, deeds=deeds, routed_to=routed_to
    )
    return sorted(
        (scene.moment.at + page.after, page.name, page.channel, page.address)
        for scene in scenes
        for page in scene.pages
        if scene.moment.at + page.after <= until
    )


@pytest.mark.django_db
@pytest.mark.timeout(1200)  # a hundred lives take minutes where the machine is crowded
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
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
    history=st.lists(deed, max_size=5),
    routed=st.none() | st.sampled_from(["p0", "p1", "p2"]),
)
def test_what_was_foreseen_is_what_happens(
    commander,
    policies,
    severity,
    respond,
    resolve,
    service,
    stand_in,
    gone,
    wishes,
    nights,
    history,
    routed,
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
        deeds = moments(history)
        team = Team.objects.get(slug=routed).pk if routed else None
        promised = foreseen(severity, known, START + SPAN, deeds, team)

        told = Draft("출금 지연", severity, START, services=known, routed_to=team)
        told.by_person = team is None  # a route opens what an alert tells of
        [incident] = open_all([told], book=read_book(at=START))
        reality = Reality(incident, deeds)
        reality.live(START + SPAN)

        assert sorted(reality.sent) == promised
        transaction.set_rollback(True)
    assert not Incident.objects.exists()
