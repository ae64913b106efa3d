"""Holes, what would happen, noise and the summary for whoever comes next: as on the pages, as data."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents import services
from incidents.domain.reach import Kind
from incidents.models import SeverityPolicy
from incidents.services import stakeholders
from incidents.services.foreseeing import pages_to_come
from incidents.services.reachability import find_holes
from teams.models import Service, Team
from teams.rotations import Override, Rotation
from tests.incidents.conftest import START, after, person
from tests.incidents.messaging import MINE, group
from tests.incidents.test_room_api import as_, get

__all__ = ["as_"]
pytestmark = pytest.mark.django_db

API = "/api/v1/"
WHAT_IF = f"{API}on-call/what-if/"
HOLES = f"{API}on-call/holes/"


def costs(api, address):
    api.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert api.get(address).status_code == 200
    return len(queries)


# Holes


def test_holes_are_looked_for_each_time_and_the_gravest_come_first(as_):
    api = as_("commander")
    before = api.get(HOLES).json()
    Team.objects.update(lead=None)
    for team in Team.objects.all():
        team.members.clear()
    Rotation.objects.all().delete()
    now = api.get(HOLES).json()

    assert now["count"] > before["count"]
    assert now["count"] == len(find_holes(at=clock.now()))
    worst = now["results"][0]
    assert (worst["kind"], worst["grave"], worst["severity"]) == (Kind.NOBODY, True, "P0")
    assert worst["url"].startswith("http://testserver/console/")
    assert min(len(worst["text"]), len(worst["fix"])) > 10


def test_whoever_cannot_mend_it_is_sent_nowhere(as_):
    Team.objects.update(escalation=None)

    rows = as_("dev1").get(HOLES).json()["results"]
    assert {row["url"] for row in rows if row["kind"] == "no_contact"} == {None}


def test_holes_come_in_pages(as_):
    Team.objects.update(escalation=None)
    api = as_("cto")
    count = api.get(HOLES).json()["count"]
    assert count > 1

    page = api.get(f"{HOLES}?page_size=1&page=2").json()
    assert (page["count"], len(page["results"])) == (count, 1)
    assert api.get(f"{HOLES}?page=999").status_code == 404
    assert api.get(f"{HOLES}?page=이").status_code == 404


# Who would be called


def test_what_is_told_of_the_future_is_what_the_rules_foresee(as_):
    service = Service.objects.get(slug="withdrawals")
    at = clock.now().replace(microsecond=0) + timedelta(days=1)
    rows = as_("dev1").get(WHAT_IF, {"severity": "P1", "service": service.slug, "at": at}).json()
    scenes = list(zip(rows, pages_to_come("P1", services=[service], at=at), strict=False))

    assert len(scenes) == 8
    for row, scene in scenes:
        assert (row["turn"], row["severity"]) == (scene.moment.turn, scene.moment.severity)
        said = {(p["name"], p["channel"], datetime.fromisoformat(p["at"])) for p in row["pages"]}
        assert said == {(p.name, p.channel, scene.moment.at + p.after) for p in scene.pages}
    first = rows[0]["pages"]
    assert {"dev1", "tech-lead"} & {page["username"] for page in first}


def test_it_is_now_where_no_time_is_said_and_as_long_as_is_asked(as_):
    rows = as_("dev1").get(WHAT_IF, {"severity": "P3", "most": 3}).json()

    assert len(rows) == 3
    assert rows[0]["turn"] == "opened"


@pytest.mark.parametrize(
    "asked",
    [{}, {"severity": "P9"}, {"severity": "심각"}, {"severity": "P1", "service": "없는-서비스"},
     {"severity": "P1", "at": "일요일 새벽"}, {"severity": "P1", "at": "9999-12-31T00:00:00Z"},
     {"severity": "P1", "at": "0001-01-01T00:00:00Z"}, {"severity": "P1", "most": 0},
     {"severity": "P1", "most": 51}, {"severity": "P1", "most": "많이"}],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_refused(as_, asked):
    answer = as_("dev1").get(WHAT_IF, asked)

    assert answer.status_code == 400
    assert next(iter(answer.json())) in {"severity", "service", "at", "most"}


def test_a_question_with_a_letter_no_database_holds_is_refused(as_):
    asked = {"severity": "P1", "service": "a\x00b"}
    assert as_("dev1").get(WHAT_IF, asked).status_code == 400


@pytest.mark.parametrize("at", ["9999-12-31T00:00", "0001-01-01T00:00"])
def test_the_page_too_refuses_a_time_no_calendar_holds(client, commander, at):
    client.force_login(commander)

    answer = client.get("/on-call/what-if/", {"severity": "P1", "at": at})
    assert (answer.status_code, "1년 이내" in answer.text) == (400, True)


def test_a_future_with_many_stand_ins_costs_the_same(as_):
    api, found = as_("dev1"), []
    for count in (1, 20):
        for n in range(count):
            starts = clock.now() + (count + n) * timedelta(hours=1)
            Override.objects.create(
                rotation=Rotation.objects.all()[0], user=person("dev2"), starts_at=starts,
                ends_at=starts + timedelta(hours=1),
            )  # fmt: skip
        found.append(costs(api, f"{WHAT_IF}?severity=P1&most=40"))

    assert found[0] == found[1] <= 30


# Noise


def test_what_never_led_to_anything_is_told_with_what_would_help(fire, as_):
    at = clock.now() - timedelta(hours=2)
    for n in range(4):
        fire(f"k{n}", group="디스크 경고", at=at)
        fire(f"k{n}", group="디스크 경고", at=at + timedelta(minutes=1), resolved=True)
    said = as_("dev1").get(f"{API}alerts/noise/").json()

    assert (said["days"], said["alerts"], said["idle"], said["share"]) == (30, 4, 4, 100)
    worst = said["worst"][0]
    assert (worst["name"], worst["idle"], worst["remedy"]) == ("디스크 경고", 4, "wait")
    assert worst["advice"]


def test_without_alerts_nothing_is_noise_and_an_alert_is_still_found_by_number(fire, as_):
    api = as_("dev1")
    assert api.get(f"{API}alerts/noise/").json() == {
        "days": 30, "alerts": 0, "idle": 0, "share": 0, "worst": [],
    }  # fmt: skip
    alert = fire().alert_links.get().alert_id
    assert api.get(f"{API}alerts/{alert}/").json()["id"] == alert


def test_noise_costs_the_same_with_much_of_it(fire, as_):
    api, found = as_("dev1"), []
    for count in (1, 12):
        for n in range(count):
            fire(f"{count}-{n}", title=f"경고 {n}", at=clock.now())
        found.append(costs(api, f"{API}alerts/noise/"))

    assert found[0] == found[1]


# For whoever comes next


def test_the_summary_says_what_the_page_says(declare, as_, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=person("senior-dev"), at=after(minutes=2))
    services.note(incident, "sig-02로 옮김", by=person("dev1"), at=after(minutes=3))
    note = incident.timeline.get(kind="note").seq
    services.pin(incident, note, by=commander, at=after(minutes=4))
    services.add_task(incident, "로그 보관", by=commander, at=after(), owner=person("dev2"))
    draft = stakeholders.write(
        incident, group("management"), MINE, urgency="high", by=person("dev1"), at=after()
    )
    stakeholders.approve(draft, version=draft.version, by=person("cto"), at=after())
    said = get(as_("dev1"), f"{incident.number}/handover/").json()

    assert said["incident"]["number"] == incident.number
    assert "sig-02로 옮김" in {moment["text"] for moment in said["moments"]}
    assert [(row["role"], row["username"]) for row in said["roles"]] == [
        ("commander", "senior-dev")
    ]
    assert [(row["text"], row["owner"]) for row in said["tasks"]] == [
        ("로그 보관", person("dev2").name)
    ]
    assert said["told"] is None  # nothing has gone out
    assert [row["group"] for row in said["to_go"]] == ["management"]
    assert len(said["missed"]) + len(said["due"]) >= 1


def test_a_summary_of_what_is_not_there_is_not_found(as_):
    assert get(as_("dev1"), "404404/handover/").status_code == 404


def test_a_summary_costs_the_same_after_a_long_night(declare, as_, commander):
    incident, api, found = declare("P1", at=START), as_("dev1"), []
    for count in (1, 15):
        for n in range(count):
            services.note(incident, f"메모 {n}", by=commander, at=after(minutes=n))
            seq = incident.timeline.latest("seq").seq
            services.pin(incident, seq, by=commander, at=after(minutes=n))
            services.add_task(incident, f"할 일 {count} {n}", by=commander, at=after())
        found.append(costs(api, f"{API}incidents/{incident.number}/handover/"))

    assert found[0] == found[1] <= SeverityPolicy.objects.count() + 16


@pytest.mark.parametrize(("does", "turn"), [("mitigate", "mitigated"), ("resolve", "resolved")])
def test_it_is_played_out_with_one_who_mitigates_or_resolves(as_, does, turn):
    asked = f"severity=P1&answers=dev1&does={does}&after=4"
    found = as_("dev1").get(f"{WHAT_IF}?{asked}").json()

    assert turn in [each["turn"] for each in found]
