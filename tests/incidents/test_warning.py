"""Clocks warn before they break: once for each setting, and quietly."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.models import Incident, SeverityPolicy
from incidents.screens.clock import resolution_clock, response_clock
from notifications.models import Delivery, Lane
from notifications.rendering import render
from tests.incidents.conftest import after, kinds, last_event, person
from tests.race import at_once

pytestmark = pytest.mark.django_db


def warn(incident, **span):
    done = services.warn_due(at=after(**span))
    incident.refresh_from_db()
    return done


def notices(incident):
    rows = Delivery.objects.about(incident.topic).filter(lane=Lane.NOTICE)
    return set(rows.values_list("recipient__username", "channel"))


def test_an_unanswered_incident_warns_at_three_quarters_once(declare):
    incident = declare("P1")

    assert [warn(incident, minutes=m) for m in (22, 22.5, 23)] == [0, 1, 0]
    assert last_event(incident, "response_due_soon").data == {"seconds": 450}
    assert notices(incident) == set()  # people are being paged already


def test_an_answered_one_warns_of_its_resolution_only_and_tells_its_commander(declare):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))

    assert [warn(incident, hours=h) for h in (0.4, 2.9, 3, 3.1)] == [0, 0, 1, 0]
    assert last_event(incident, "resolution_due_soon").data == {"seconds": 3600}
    assert notices(incident) == {("dev1", "slack")}


def test_without_a_commander_those_paged_are_told(declare):
    incident = declare("P2")
    Incident.objects.filter(pk=incident.pk).update(respond_by=after(hours=30), response_warned=True)
    paged = Delivery.objects.about(incident.topic).filter(lane=Lane.PAGE, recipient__isnull=False)
    warn(incident, hours=18)

    told = {name for name, _ in notices(incident)}
    assert told == set(paged.values_list("recipient__username", flat=True))


def test_the_notice_says_why_in_the_readers_language(declare):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev2"), at=after(minutes=1))
    warn(incident, hours=3)

    notice = Delivery.objects.about(incident.topic).get(lane=Lane.NOTICE)
    said = render(notice)
    assert said.subject == f"#{incident.number} The resolution target is near · 출금 지연"
    for text in (said.text, said.html):
        assert "The resolution target is near" in text
        assert f"/incidents/{incident.number}/" in text
        assert "16:00" in text  # the reader's own time
        assert "Open and answer" not in text


@pytest.mark.parametrize("form", ["subject", "text", "html", "short", "spoken"])
def test_a_notice_has_every_form_and_a_title_with_marks_stays_words(declare, form):
    incident = declare("P1")
    Incident.objects.filter(pk=incident.pk).update(title='a <b> & "c"')
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    warn(incident, hours=3)

    said = getattr(render(Delivery.objects.get(lane=Lane.NOTICE)), form)
    assert "해결 목표가 가까워요" in said
    assert ("&lt;b&gt;" if form == "html" else "<b>") in said


def unsent(incident):
    return Delivery.objects.about(incident.topic).undone().filter(lane=Lane.NOTICE).exists()


@pytest.mark.parametrize(
    ("deed", "still"),
    [("acknowledge", True), ("mitigate", True), ("resolve", False)],
)
def test_a_warning_goes_out_while_the_clock_it_speaks_of_runs(declare, commander, deed, still):
    incident = declare("P2")
    Incident.objects.filter(pk=incident.pk).update(respond_by=after(hours=30), response_warned=True)
    warn(incident, hours=18)
    getattr(services, deed)(incident, by=commander, at=after(hours=18.1))

    assert unsent(incident) is still
    assert not Delivery.objects.about(incident.topic).undone().filter(lane=Lane.PAGE).exists()


def test_a_warning_of_a_clock_that_was_set_anew_is_withdrawn(declare, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    warn(incident, hours=3)
    services.change_severity(incident, "P2", by=commander, at=after(hours=3.1))

    assert not unsent(incident)


def test_after_it_was_sent_up_within_its_severity_the_clock_is_whole_again(declare):
    incident = declare("P0")
    services.escalate_due(at=after(minutes=15))
    incident.refresh_from_db()

    assert response_clock(incident, at=after(minutes=15)).fraction == 0
    assert response_clock(incident, at=after(minutes=22.5)).fraction == 50


def test_a_notice_is_not_a_page_that_waits_for_an_answer(declare, client, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    warn(incident, hours=3)
    client.force_login(commander)

    shown = client.get(incident.get_absolute_url()).context["people"]
    assert commander.name not in {paged.name for paged in shown}


@pytest.mark.parametrize("over", [0, 60])
def test_what_is_overdue_is_not_due_soon(declare, over):
    incident = declare("P1")

    assert warn(incident, hours=4, minutes=over) == 0


def test_an_escalation_sets_the_warning_anew(declare):
    incident = declare("P0")
    warn(incident, minutes=12)
    services.escalate_due(at=after(minutes=15))

    assert [warn(incident, minutes=m) for m in (26, 26.25, 27)] == [0, 1, 0]
    assert kinds(incident).count("response_due_soon") == 2


def test_a_severity_change_and_a_reopening_set_it_anew(declare, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    warn(incident, hours=3)
    services.change_severity(incident, "P2", by=commander, at=after(hours=3.1))
    assert [warn(incident, hours=17), warn(incident, hours=18)] == [0, 1]

    services.resolve(incident, by=commander, at=after(hours=19))
    assert warn(incident, hours=20) == 0
    services.reopen(incident, by=commander, at=after(hours=24))
    assert [warn(incident, hours=25), warn(incident, hours=25.5)] == [0, 1]


def test_the_policy_decides_when_and_the_room_turns_urgent_then(declare):
    SeverityPolicy.objects.filter(severity="P1").update(warn_at=50)
    incident = declare("P1")

    assert [warn(incident, minutes=m) for m in (14, 15)] == [0, 1]
    assert not response_clock(incident, at=after(minutes=14)).urgent
    assert response_clock(incident, at=after(minutes=15)).urgent
    assert resolution_clock(incident, at=after(hours=2)).urgent


@pytest.mark.parametrize("share", [0, 100])
def test_a_share_that_could_not_warn_is_refused(seeded, share):
    policy = SeverityPolicy.objects.get(severity="P1")
    policy.warn_at = share

    with pytest.raises(ValidationError):
        policy.full_clean()


def test_fifty_warnings_cost_what_two_do(declare):
    costs = []
    for count in (2, 50):
        for _ in range(count):
            services.acknowledge(made := declare("P1"), by=person("dev1"), at=after(minutes=1))
        with CaptureQueriesContext(connection) as queries:
            assert services.warn_due(at=after(hours=3)) == count
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert kinds(made)[-1] == "resolution_due_soon"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_warn_once_and_the_chain_stays_whole(declare, commander):
    made = [declare("P1") for _ in range(5)]
    at_once(*[lambda: services.warn_due(at=after(minutes=25))] * 4)

    for incident in made:
        assert kinds(incident).count("response_due_soon") == 1
    call_command("verify_timeline")
