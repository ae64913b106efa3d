"""A step that says something: on the timeline, to who responds, and as a draft for a group; once, whoever dies."""

from datetime import timedelta

import pytest
from django.utils import translation

from core import clock
from incidents.models import StakeholderMessage
from incidents.narration import narrate
from incidents.services import acknowledge, declare
from notifications.models import Delivery
from runbooks import services
from runbooks.crew import outcome
from runbooks.domain.writing import Wrong
from teams.models import ContactMethod
from teams.stakeholders import StakeholderGroup
from tests.runbooks.running import book, go, states, step

pytestmark = pytest.mark.django_db
SAYS = {"ko": "{where}을 다시 시작했어요", "en": "{where} was restarted"}
SUBJECT = {"ko": "다시 시작", "en": "Restarted"}
WHERE = {"where": {"type": "text", "label": SUBJECT, "default": "app1"}}


@pytest.fixture
def incident(seeded, people):
    made = declare("down", severity="P1", by=people[0], at=clock.now())
    ContactMethod.objects.create(user=people[0], channel="email", address="ana@company.com")
    acknowledge(made, by=people[0], at=clock.now())
    return made


def run_of(people, incident=None, **more):
    version = book(step("tell", message={"text": SAYS, **more}), inputs=WHERE)
    return services.start(
        version, {}, by=people[0], at=clock.database_now(), incident=incident, purpose="incident"
    )


def said(incident):
    return list(incident.timeline.filter(kind="run_said"))


def test_it_stands_on_the_timeline_in_the_readers_language(people, incident):
    assert go(run_of(people, incident)).state == "done"
    [event] = said(incident)
    with translation.override("ko"):
        assert narrate(event) == "시험: app1을 다시 시작했어요"
    with translation.override("en"):
        assert narrate(event) == "Trial: app1 was restarted"


def test_who_responds_hears_of_it_quietly_and_once(people, incident):
    before = set(Delivery.objects.values_list("pk", flat=True))
    go(run_of(people, incident, responders=True))
    [sent] = Delivery.objects.exclude(pk__in=before).filter(template="notice")
    assert sent.recipient_id == people[0].pk
    assert "app1" in sent.context["headline"]


def test_a_group_gets_a_draft_that_a_person_approves(people, incident):
    group = StakeholderGroup.objects.earliest("pk")
    go(run_of(people, incident, group=group.slug, subject=SUBJECT))
    draft = StakeholderMessage.objects.get(written_by=people[0])
    assert (draft.state, draft.body_en) == ("draft", "app1 was restarted")


def test_in_a_drill_nobody_outside_hears_of_it(people, seeded):
    incident = declare("drill", severity="P1", by=people[0], at=clock.now(), drill=True)
    group = StakeholderGroup.objects.earliest("pk")
    assert go(run_of(people, incident, group=group.slug, subject=SUBJECT)).state == "done"
    assert not StakeholderMessage.objects.filter(incident=incident).exists()
    assert said(incident)


def test_a_group_that_is_not_there_says_nothing_at_all(people, incident):
    run = go(run_of(people, incident, group="nobody", subject=SUBJECT))
    assert states(run) == {"1": "failed"}
    assert not said(incident)


def test_outside_an_incident_it_is_only_printed(people):
    run = go(run_of(people))
    assert run.state == "done"
    assert "app1" in run.steps.get().output


def test_whoever_died_after_saying_it_is_followed_by_nobody_who_says_it_again(people, incident):
    run = run_of(people, incident, responders=True)
    [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
    outcome(claim)  # and died before it was written down
    assert go(run, later=timedelta(minutes=1)).state == "done"
    assert len(said(incident)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "one language"},
        {"text": SUBJECT, "to": "all"},
        {"text": SUBJECT, "group": "management"},
        {"text": SUBJECT, "subject": SUBJECT},
        {"text": SUBJECT, "responders": "yes"},
    ],
)
def test_what_does_not_fit_is_refused_as_it_is_loaded(db, wrong):
    with pytest.raises(Wrong):
        book(step("tell", message=wrong))
