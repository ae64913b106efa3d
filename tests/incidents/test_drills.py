"""A drill pages as in earnest, says everywhere that it is one, and counts nowhere."""

import pytest
from django.test import Client

from core.errors import Refused
from incidents import services
from incidents.models import Incident
from incidents.models.messages import Occasion
from incidents.services import stakeholders
from incidents.similar import similar
from notifications.models import Delivery
from notifications.rendering import render
from postmortems.due import due_of
from postmortems.reporting import report_of
from postmortems.services import draft
from teams.stakeholders import StakeholderGroup
from tests.incidents.conftest import after, pages, person, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


@pytest.mark.parametrize("channel", ["voice", "sms", "slack", "email"])
@pytest.mark.parametrize(("language", "mark"), [("ko", "훈련"), ("en", "drill")])
def test_every_page_says_first_that_it_is_one(declare, channel, language, mark):
    incident = declare("P0", drill=True)
    page = Delivery.objects.about(incident.topic).filter(channel=channel).first()
    page.language = language

    said = render(page)

    forms = {"voice": said.spoken, "sms": said.short, "slack": said.text, "email": said.subject}
    assert mark in forms[channel][:30].lower()
    assert said.facts["drill"] is True


def test_what_is_no_drill_never_says_so(declare):
    incident = declare("P0")
    page = Delivery.objects.about(incident.topic).first()

    said = render(page)

    assert "훈련" not in said.subject + said.text + said.short + said.spoken + said.html


def test_a_reminder_of_a_drills_task_says_so(declare, commander):
    incident = declare("P3", drill=True)
    services.add_task(
        incident, "t", by=commander, at=after(), owner=person("dev1"), due_at=after(minutes=1)
    )
    services.remind_due(at=after(minutes=2))

    assert render(Delivery.objects.get(template="task")).subject.startswith("[훈련] ")


def test_it_is_chosen_when_declared_and_marked_wherever_it_is_seen(browser):
    form = {"title": "출금 중단", "severity": "P2", "drill": "on"}
    room = browser.post("/incidents/declare/", form)["Location"]

    for path in (room, f"{room}handover/", "/incidents/"):
        assert 'class="badge drill"' in browser.get(path).content.decode()
    services.resolve(Incident.objects.get(), by=Incident.objects.get().commander, at=after())
    assert 'class="badge drill"' in browser.get("/incidents/?period=all").content.decode()


def test_it_counts_in_no_figure_and_is_no_precedent(declare, browser, commander, now):
    drill, real = declare("P0", at=now, drill=True), declare("P0", at=now)
    services.resolve(drill, by=commander, at=now)

    assert browser.get("/incidents/").context["stats"] == []
    assert similar(real) == []
    services.resolve(fresh(real), by=commander, at=now)
    assert browser.get("/incidents/").context["stats"][0][1] == "1"
    assert due_of(fresh(drill), at=now) is None
    assert due_of(fresh(real), at=now)


def test_a_drill_is_no_headline(declare, browser, now):
    declare("P0", at=now, drill=True)

    assert "출금 지연" not in browser.get("/incidents/").context["headline"]


def test_nobody_outside_the_team_hears_of_it(declare, commander):
    incident = declare("P0", drill=True)
    services.change_severity(incident, "P1", by=commander, at=after())
    services.resolve(fresh(incident), by=commander, at=after(minutes=1))

    assert not Occasion.objects.exists()
    with pytest.raises(Refused):
        stakeholders.write(
            incident,
            StakeholderGroup.objects.first(),
            {},
            urgency="normal",
            by=commander,
            at=after(),
        )


def test_a_drill_and_what_is_real_stay_apart(declare, fire, commander):
    drill, real = declare("P1", drill=True), fire("k1")
    alert = real.alert_links.get().pk
    said = {"by": commander, "at": after()}

    for one, other in ((drill, real), (real, drill)):
        with pytest.raises(Refused):
            services.merge(one, into=other, **said)
    with pytest.raises(Refused):
        services.move_alert(real, alert, to=drill, **said)


def test_the_printed_postmortem_and_the_api_say_so(api, declare, commander):
    made = post(api, "", title="훈련 1", severity="P3", drill=True).json()
    assert made["drill"] is True
    incident = Incident.objects.get()
    services.resolve(incident, by=commander, at=after())

    report = report_of(draft(fresh(incident), by=commander, at=after()), language="ko", digest="")

    assert report.drill
    assert pages(incident)
