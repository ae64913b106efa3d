"""What the room shows beside the timeline, and what there is to choose from, by the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.models import MessageTemplate
from incidents.models.messages import TEXTS
from incidents.services import stakeholders
from monitoring.models import Change
from notifications.models import Delivery, State
from teams.models import Service, Team
from teams.stakeholders import StakeholderContact, StakeholderGroup
from tests.incidents.conftest import START, after, pages, person, post
from tests.incidents.messaging import MINE, group, message
from tests.incidents.test_room_api import as_, get

__all__ = ["as_"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(as_):
    return as_("dev1")


def rows(api, path):
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    said = answer.json()
    return said if isinstance(said, list) else said["results"]


def costs(api, path):
    rows(api, path)
    with CaptureQueriesContext(connection) as queries:
        rows(api, path)
    return len(queries)


# Who was paged


def test_every_page_is_told_with_how_far_it_came(declare, api):
    incident = declare("P1")
    Delivery.objects.about(incident.topic).filter(recipient__username="dev2", channel="sms").update(
        state=State.FAILED, error="번호가 없어요"
    )
    found = rows(api, f"incidents/{incident.number}/pages/?page_size=200")

    assert {(row["username"], row["channel"]) for row in found} == pages(incident)
    lost = [row for row in found if row["stage"] == "failed"]
    assert [(row["username"], row["why"]) for row in lost] == [("dev2", "번호가 없어요")]
    assert all("address" not in row for row in found)


def test_pages_come_in_pages(declare, api):
    said = get(api, f"{declare('P1').number}/pages/?page_size=2").json()

    assert (len(said["results"]), said["count"] > 2) == (2, True)


# What was changed, who was told


def test_what_was_changed_around_the_time_it_began_is_told(declare, api, integration):
    incident = declare()
    for hours in (1, 9):
        Change.objects.create(
            integration=integration, summary=f"배포 {hours}", details={"판": "2.1"},
            happened_at=START - timedelta(hours=hours), received_at=START,
        )  # fmt: skip
    (said,) = rows(api, f"incidents/{incident.number}/changes/")

    assert (said["summary"], said["integration"], said["service"]) == ("배포 1", "probe", None)
    assert said["details"] == {"판": "2.1"}


def test_who_was_told_and_what_waits_is_told_by_group(felt, api):
    found = {row["group"]: row for row in rows(api, f"incidents/{felt().number}/stakeholders/")}

    assert found["customers"]["waiting_since"]
    assert found["management"]["waiting_since"] is None


# Beginning a message


def test_a_message_begins_with_a_template_filled_with_what_is_known(felt, api):
    incident, template = felt(), MessageTemplate.objects.first()
    said = get(api, f"{incident.number}/messages/begin/?template={template.slug}")

    assert said.status_code == 200
    assert set(said.json()) == set(TEXTS)
    assert "출금 서비스" in said.json()["body_ko"]
    assert not any("{" in text for text in said.json().values())
    for wrong in ("", "?template=", "?template=없는-것"):
        assert get(api, f"{incident.number}/messages/begin/{wrong}").status_code == 400


def test_who_was_not_reached_is_named_with_the_reason(felt, api):
    draft = message(felt(), "customers")
    path = f"incidents/{draft.incident_id}/messages/{draft.pk}/missed/"
    assert rows(api, path) == []

    template = Delivery.objects.first()
    template.pk, template.topic, template.state = None, draft.topic, State.FAILED
    template.recipient_name, template.error = "고객센터", "주소가 없어요"
    template.save(force_insert=True)
    assert rows(api, path) == [{"name": "고객센터", "why": "주소가 없어요"}]
    other = "00000000-0000-4000-8000-000000000000"
    assert get(api, f"{draft.incident_id}/messages/{other}/missed/").status_code == 404


# The timeline of incidents that became one


def test_the_timelines_of_what_was_merged_are_told_together(declare, as_, api, commander):
    first, second = declare(at=START), declare(at=after(minutes=1))
    services.note(second, "같은 장애", by=commander, at=after(minutes=2))
    services.pin(first, 1, by=commander, at=after(minutes=2))
    post(as_("cto"), f"{second.number}/merge/", into=first.number)

    alone = rows(api, f"incidents/{first.number}/timeline/")
    both = rows(api, f"incidents/{first.number}/timeline/?merged=true&page_size=200")
    assert {row["incident"] for row in alone} == {first.number}
    assert {row["incident"] for row in both} == {first.number, second.number}
    assert "같은 장애" in {row["text"] for row in both}
    assert [row["at"] for row in both] == sorted(row["at"] for row in both)
    pinned = {(row["incident"], row["seq"]) for row in both if row["pinned"]}
    assert pinned == {(first.number, 1)}


def test_the_team_says_which_roles_are_missing(declare, as_):
    incident, api = declare("P1"), as_("cto")
    assert get(api, f"{incident.number}/team/").json()["missing_roles"] == [
        "commander", "communications",
    ]  # fmt: skip
    post(api, f"{incident.number}/roles/", role="commander")
    assert get(api, f"{incident.number}/team/").json()["missing_roles"] == ["communications"]


# Lists


def test_incidents_are_asked_for_by_when_they_were_detected(declare, api):
    old, new = declare(at=START), declare(at=after(hours=2))
    middle = after(hours=1).strftime("%Y-%m-%dT%H:%M:%SZ")

    def numbers(query):
        return [row["number"] for row in rows(api, f"incidents/?{query}")]

    assert numbers(f"detected_after={middle}") == [new.number]
    assert numbers(f"detected_before={middle}") == [old.number]
    for wrong in ("detected_after=어제", "detected_after=9999-99-99"):
        assert api.get(f"/api/v1/incidents/?{wrong}").status_code == 400


def test_severities_say_what_follows_from_them(api):
    found = rows(api, "severities/")

    assert [row["severity"] for row in found] == ["P0", "P1", "P2", "P3"]
    assert (found[0]["respond_within"], found[0]["resolve_within"]) == (900, 7200)
    assert found[1]["required_roles"] == ["commander", "communications"]
    assert api.get("/api/v1/severities/P2/").json() == found[2]
    assert api.get("/api/v1/severities/심각/").status_code == 404


def test_groups_say_whom_they_would_reach(api):
    group_ = StakeholderGroup.objects.get(slug="customers")
    before = {row["slug"]: row["reaches"] for row in rows(api, "stakeholder-groups/")}
    StakeholderContact.objects.create(group=group_, name="고객센터", address="help@company.com")
    now = {row["slug"]: row["reaches"] for row in rows(api, "stakeholder-groups/")}

    assert now == before | {"customers": before["customers"] + 1}
    assert len(rows(api, "message-templates/")) == MessageTemplate.objects.count()


def test_people_and_services_are_named_as_other_doors_want_them(api):
    people = {row["username"]: row["role"] for row in rows(api, "people/?page_size=200")}
    assert people["dev1"] == "responder"
    service = api.get("/api/v1/services/withdrawals/").json()
    owner = Service.objects.get(slug="withdrawals").owner
    assert service["owner"] == (owner.slug if owner else None)
    team = Team.objects.first()
    Service.objects.filter(slug="withdrawals").update(owner=team)
    owned = rows(api, f"services/?owner={team.slug}")
    assert "withdrawals" in {row["slug"] for row in owned}
    assert rows(api, "services/?owner=없는-팀") == []
    assert api.get("/api/v1/services/없는-서비스/").status_code == 404


def test_whoever_may_not_respond_is_no_choice(api):
    person("dev2").__class__.objects.filter(username="dev2").update(is_active=False)

    assert "dev2" not in {row["username"] for row in rows(api, "people/?page_size=200")}


# For all of them

OF_ONE = ["pages/", "changes/", "stakeholders/", "messages/begin/?template=x"]


@pytest.mark.parametrize("path", OF_ONE)
def test_of_an_incident_that_is_not_there_nothing_is_found(api, path):
    assert get(api, f"404404/{path}").status_code == 404


@pytest.mark.parametrize("path", ["pages/", "changes/", "stakeholders/", "timeline/?merged=true"])
def test_readings_cost_the_same_however_much_there_is(declare, api, integration, commander, path):
    incident, found = declare("P1"), []
    for count in (1, 12):
        for n in range(count):
            more(incident, integration, commander, f"{count}-{n}", n)
            duplicate = declare("P3")
            services.merge(duplicate, into=incident, by=commander, at=after(minutes=5))
        found.append(costs(api, f"incidents/{incident.number}/{path}"))

    assert found[0] == found[1]


def more(incident, integration, commander, key, n):
    service = Service.objects.create(slug=f"s-{key}", name_ko=key, name_en=key)
    incident.services.add(service)
    Change.objects.create(
        integration=integration, summary=key, service=service, happened_at=START, received_at=START
    )
    slugs = list(StakeholderGroup.objects.values_list("slug", flat=True))
    receiver = group(slugs[n % len(slugs)])
    stakeholders.write(incident, receiver, MINE, urgency="high", by=commander, at=after())
    page = Delivery.objects.about(incident.topic).first()
    page.pk, page.step = None, key
    page.save(force_insert=True)


@pytest.mark.parametrize(
    "path", ["severities/", "stakeholder-groups/", "message-templates/", "people/", "services/"]
)
def test_what_there_is_to_choose_from_costs_the_same(api, path):
    few = costs(api, f"{path}?page_size=1")
    assert costs(api, f"{path}?page_size=200") == few
