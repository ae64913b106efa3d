"""The pairs that meet in an incident, two hundred times each, as processes of their own."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from incidents import services
from incidents.domain.chain import first_break
from incidents.domain.stakeholders import STORM
from incidents.models import (
    EscalationPolicy,
    EscalationStep,
    Incident,
    SeverityPolicy,
    StakeholderMessage,
)
from incidents.services import stakeholders
from incidents.services.publishing import publish
from monitoring.models import Alert
from notifications.models import Delivery
from tests.incidents.conftest import kinds, person
from tests.racers import Failed, Racers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(420)]

ROUNDS = 200
STORMS = 60  # each is eight incidents
FIVE = timedelta(minutes=5)
LONG = timedelta(minutes=31)  # longer than a P1 may go unanswered


def racing(*jobs: str) -> Racers:
    """Head starts come from the seed of the run, which pytest says first."""
    chosen = random.randrange(1_000_000)
    return Racers(*(f"tests.incidents.racing.{job}" for job in jobs), seed=chosen)


def fresh(incident: Incident) -> Incident:
    """As it is now, its timeline whole and unbroken."""
    found = Incident.objects.get(pk=incident.pk)
    links = [(event.link, event.hash) for event in found.timeline.order_by("seq")]
    assert first_break(links, length=found.timeline_length, head=found.timeline_head) is None
    return found


def undone(incident: Incident) -> int:
    return Delivery.objects.about(incident.topic).undone().count()


def test_of_two_processes_that_acknowledge_one_wins(declare: Callable[..., Incident]) -> None:
    won = Counter[str]()
    with racing("acknowledge", "acknowledge") as racers:
        for _ in range(ROUNDS):
            incident, now = declare("P1"), clock.now()
            people = [{"number": incident.pk, "who": who, "at": now} for who in ("dev1", "dev2")]

            outcomes = racers.race(*people)

            winner = people[outcomes.index(None)]["who"]
            won[winner] += 1
            assert sorted(map(how, outcomes)) == ["AlreadyMoved", "done"]
            assert kinds(incident) == ["declared", "paged", "status"]
            assert fresh(incident).acknowledged_by == person(winner)
            assert fresh(incident).commander == person(winner)
            assert undone(incident) == 0
    assert len(won) == 2, "never a race"


def test_an_incident_is_never_escalated_once_a_process_has_acknowledged_it(
    declare: Callable[..., Incident],
) -> None:
    escalated = ["declared", "paged", "escalated", "paged", "status"]
    seen = Counter[str]()
    with racing("acknowledge", "escalate") as racers:
        for _ in range(ROUNDS):
            now = clock.now()
            incident = declare("P1", at=now - LONG)

            answer, raised = racers.race(
                {"number": incident.pk, "who": "dev1", "at": now}, {"at": now}
            )

            found = fresh(incident)
            seen[found.severity] += 1
            assert answer is None
            assert kinds(found) == (escalated if raised else ["declared", "paged", "status"])
            assert (found.severity, found.page_round) == (("P0", 1) if raised else ("P1", 0))
            assert (found.status, found.acknowledged_by) == ("acknowledged", person("dev1"))
            assert undone(found) == 0
    assert len(seen) == 2, "never a race"


def test_no_alert_that_fires_is_left_in_an_incident_that_a_process_resolves(
    fire: Callable[..., Incident],
) -> None:
    opened = Counter[bool]()
    with racing("resolve", "alert") as racers:
        for place in range(ROUNDS):
            key, group = f"k{place}", f"g{place}"
            incident = fire(key, severities=["P1"], service="", group=group, at=clock.now())
            late = {"key": key if place % 2 else f"{key}-late", "severity": "P0", "group": group}

            outcomes = racers.race(resolving(incident), late | {"at": clock.now()})

            read_the_rest()
            assert "Failed" not in map(type_of, outcomes), outcomes
            assert fresh(incident).status == "resolved"
            burning = Alert.objects.open().select_related("incident_link__incident")
            homes = [alert.incident_link.incident for alert in burning]
            assert all(home.is_open for home in homes)
            opened[bool(homes)] += 1
            put_out(homes)
    assert len(opened) == 2, "never a race"


def test_no_page_is_left_about_an_incident_that_a_process_merges(
    fire: Callable[..., Incident],
) -> None:
    raised = Counter[int]()
    began = clock.now() - (ROUNDS + 1) * LONG  # in the past, so that every page is due
    kept = fire("first", severities=["P1"], group="first", at=began)
    with racing("merge", "escalate", "send_mail", "send_mail") as racers:
        for place in range(ROUNDS):
            key, at = f"k{place}", began + (place + 1) * LONG
            new = fire(key, severities=["P1"], group=key, at=at - LONG)
            over, kept = (new, kept) if place % 2 else (kept, new)
            merging = {"number": over.pk, "into": kept.pk, "who": "commander", "at": at}

            outcomes = racers.race(merging, {"at": at}, {}, {})

            over = fresh(over)
            assert "Failed" not in map(type_of, outcomes), outcomes
            raised[outcomes[1]] += 1
            assert (over.status, over.merged_into) == ("resolved", kept)
            assert kinds(over)[-1] == "status"
            assert undone(over) == 0
            assert fresh(kept).alert_links.count() == place + 2
    assert raised[2], "never both raised before one ended"
    assert len(raised) > 1, "never one ended before both were raised"


def test_a_policy_that_a_process_applies_leaves_no_page_for_whom_it_does_not_name(
    declare: Callable[..., Incident],
) -> None:
    policy = EscalationPolicy.objects.create(slug="relay", name_ko="relay", name_en="relay")
    SeverityPolicy.objects.filter(severity="P1").update(escalation=policy)
    first, second = (
        EscalationStep.objects.create(policy=policy, place=place, wait=FIVE) for place in (0, 1)
    )
    began, seen = clock.now() - timedelta(days=2), Counter[tuple[str, ...]]()
    with racing("apply", "call_next", "send_mail", "send_mail") as racers:
        for place in range(ROUNDS):
            at = began + place * timedelta(minutes=10)
            names = ("dev1", "dev2"), ("tech-lead", "devops")
            for called, who in zip((first, second), names[place % 2], strict=True):
                called.people.set([person(who)])
            publish(policy, by=None, at=at)
            incident = declare("P1", at=at)
            for called, who in zip((first, second), names[1 - place % 2], strict=True):
                called.people.set([person(who)])
            publish(policy, by=None, at=at)

            now = at + FIVE
            applying = {"policy": policy.pk, "who": "commander", "at": now}
            outcomes = racers.race(applying, {"at": now}, {}, {})

            assert "Failed" not in map(type_of, outcomes), outcomes
            services.call_next(at=now)  # a call that had to wait for the other
            found = fresh(incident)
            assert found.escalation_id == policy.current.pk
            wanted = Delivery.objects.about(found.topic).undone()
            assert {row.recipient.username for row in wanted} == set(names[1 - place % 2])
            seen[tuple(kinds(found)[2:])] += 1
            services.resolve(found, by=person("commander"), at=now)
    assert len(seen) > 1, f"never a race: {seen}"


def how(outcome: object) -> str:
    return outcome.kind if isinstance(outcome, Failed) else "done"


def type_of(outcome: object) -> str:
    return type(outcome).__name__


def resolving(incident: Incident) -> dict[str, Any]:
    return {"number": incident.pk, "who": "commander", "at": clock.now()}


def read_the_rest() -> None:
    while services.take_in(at=clock.now()):
        pass


def put_out(incidents: list[Incident]) -> None:
    for incident in set(incidents):
        services.resolve(incident, by=person("commander"), at=clock.now())


def test_of_a_storm_that_two_processes_draft_only_the_first_few_go_at_once(seeded: None) -> None:
    with racing("storm", "storm") as racers:
        for number in range(STORMS):
            at = clock.now() + number * timedelta(hours=1)
            assert set(racers.race({"at": at}, {"at": at})) <= set(range(9))
            stakeholders.draft_due(at=at)

            told = StakeholderMessage.objects.filter(group__slug="management", drafted_at=at)
            assert told.count() == 8
            assert told.filter(goes_at=at).count() == STORM
