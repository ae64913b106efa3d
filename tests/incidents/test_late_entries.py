"""What is written down later keeps its true time, and says when it was written."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import Refused
from incidents import services
from incidents.domain.chain import first_break
from incidents.domain.story import may_have_happened
from incidents.models import Incident
from postmortems.reporting import report_of
from postmortems.services import draft
from tests.incidents.conftest import START, after, last_event, post

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


@pytest.mark.parametrize(
    ("happened_at", "may"),
    [
        (START, True),
        (after(hours=1), True),
        (after(hours=1, seconds=1), False),
        (START - WEEK, True),
        (START - WEEK - timedelta(seconds=1), False),
    ],
)
def test_what_led_to_it_may_lie_a_week_before_and_nothing_in_the_future(happened_at, may):
    assert may_have_happened(happened_at, began=START, now=after(hours=1)) is may


def test_a_late_entry_stands_where_it_happened_and_is_chained_where_it_was_written(
    declare, commander, browser
):
    incident = declare("P1")
    services.acknowledge(incident, by=commander, at=after(minutes=20))
    services.note(
        incident, "재시작", by=commander, at=after(minutes=30), happened_at=after(minutes=5)
    )

    page = browser.get(f"/incidents/{incident.number}/")
    assert [line.kind for line in page.context["timeline"]] == [
        "status",
        "note",
        "paged",
        "declared",
    ]
    assert last_event(incident, "note").seq == 4
    assert last_event(incident, "note").written_at == after(minutes=30)
    assert "기록 <time" in page.content.decode()
    links = [(event.link, event.hash) for event in incident.timeline.all()]
    now = fresh(incident)
    assert first_break(links, length=now.timeline_length, head=now.timeline_head) is None


def test_the_printed_timeline_reads_the_true_time(declare, commander):
    incident = declare("P1")
    services.note(
        incident, "재시작", by=commander, at=after(minutes=30), happened_at=after(minutes=5)
    )
    services.resolve(fresh(incident), by=commander, at=after(minutes=40))

    report = report_of(
        draft(fresh(incident), by=commander, at=after(hours=1)), language="ko", digest=""
    )

    noted = next(entry for entry in report.entries if "재시작" in entry.text)
    assert noted.at == after(minutes=5)
    assert "(11-23 12:30에 기록)" in noted.text


@pytest.mark.parametrize("off", [after(minutes=31), START - WEEK - timedelta(minutes=1)])
def test_a_time_that_cannot_be_is_refused(declare, commander, off):
    incident = declare("P1")

    with pytest.raises(Refused):
        services.note(incident, "n", by=commander, at=after(minutes=30), happened_at=off)
    assert not incident.timeline.filter(kind="note").exists()


def test_the_browser_says_a_time_in_the_readers_zone(declare, browser, now):
    incident = declare("P1", at=now - timedelta(hours=1))
    local = timezone.localtime(now - timedelta(minutes=20)).replace(microsecond=0)
    path = f"/incidents/{incident.number}/note/"

    browser.post(path, {"text": "재시작", "happened_at": f"{local:%Y-%m-%dT%H:%M:%S}"})

    assert last_event(incident, "note").at == local


@pytest.mark.parametrize(
    "when", ["2126-01-01T00:00", "어제", "2026-13-40T99:99", "0001-01-01T00:00"]
)
def test_a_wrong_time_is_said_and_nothing_typed_is_lost(declare, browser, when):
    path = f"/incidents/{declare('P1').number}/note/"
    typed = {"text": "서명 <b> 노드", "happened_at": when}

    page = browser.post(path, typed)
    part = browser.post(path, typed, headers={"hx-request": "true"})

    assert (page.status_code, part.status_code) == (422, 422)
    assert "서명 &lt;b&gt; 노드</textarea>" in page.content.decode()
    assert 'role="alert"' in part.content.decode()
    assert "<html" not in part.content.decode()


def test_the_api_takes_a_true_time_with_its_zone(declare, api, now):
    incident = declare("P1", at=now - timedelta(hours=1))
    happened_at = (now - timedelta(minutes=20)).isoformat()

    said = post(api, f"{incident.number}/notes/", text="재시작", happened_at=happened_at).json()

    assert said["at"] == happened_at.replace("+00:00", "Z")
    assert said["data"]["written_at"]
    future = (now + timedelta(hours=1)).isoformat()
    assert post(api, f"{incident.number}/notes/", text="n", happened_at=future).status_code == 409
