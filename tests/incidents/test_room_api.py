"""What people do in the room, done by the API: the same rules, and a sentence for whoever may not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents import services
from incidents.models import Presence, SuggestionMade
from incidents.services import stakeholders
from teams.services import new_api_token
from teams.stakeholders import StakeholderGroup
from tests.incidents.conftest import INCIDENTS, kinds, last_event, person, post
from tests.incidents.messaging import MINE
from tests.incidents.test_evidence import LOG

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(seeded):
    def client(username, scope="write"):
        token = new_api_token(person(username), name="test", scope=scope)
        return Client(headers={"authorization": f"Token {token}"})

    return client


def get(api, path):
    return api.get(f"{INCIDENTS}{path}")


def delete(api, path):
    return api.delete(f"{INCIDENTS}{path}")


# Joining


def test_whoever_joins_is_counted_once(declare, as_):
    incident, api = declare(), as_("dev1")
    before = get(api, f"{incident.number}/team/").json()["joined"]
    first, again = (post(api, f"{incident.number}/team/join/") for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["joined"] == again.json()["joined"] == before + 1
    assert kinds(incident).count("joined") == 1


def test_whoever_came_the_moment_they_were_told_came_after_nothing(declare, as_):
    incident = declare()
    services.note(incident, "봤어요", by=person("dev1"), at=incident.detected_at)

    assert get(as_("dev1"), f"{incident.number}/team/").json()["first_after"] == 0.0


def test_nobody_joins_what_is_over(declare, as_, commander):
    incident = declare()
    services.resolve(incident, by=commander, at=incident.detected_at)

    answer = post(as_("dev1"), f"{incident.number}/team/join/")
    assert (answer.status_code, len(answer.json()["detail"]) > 10) == (409, True)


# Roles


def test_a_role_is_left_and_leaving_it_again_changes_nothing(declare, as_):
    incident, api = declare(), as_("dev1")
    post(api, f"{incident.number}/roles/", role="scribe")

    codes = [delete(api, f"{incident.number}/roles/scribe/").status_code for _ in range(2)]
    assert codes == [204, 204]
    assert kinds(incident).count("role_left") == 1
    assert not incident.roles.now().filter(role="scribe").exists()


def test_nobody_leaves_a_role_for_somebody_else(declare, as_):
    incident = declare()
    post(as_("dev1"), f"{incident.number}/roles/", role="scribe")
    delete(as_("dev2"), f"{incident.number}/roles/scribe/")

    assert incident.roles.now().get(role="scribe").user.username == "dev1"


def test_who_took_the_role_meanwhile_is_not_relieved_unawares(declare, as_):
    incident = declare()
    path = f"{incident.number}/roles/"
    post(as_("dev1"), path, role="scribe", seen=[])

    late = post(as_("dev2"), path, role="scribe", seen=[])
    assert (late.status_code, "윤서아" in late.json()["detail"]) == (409, True)
    assert post(as_("dev2"), path, role="scribe", seen=["dev1"]).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"role": "왕"}, {"role": ["scribe"]}, {}, {"role": "scribe", "username": "아무개"},
     {"role": "scribe", "seen": "dev1"}, {"role": "scribe", "seen": ["아무개"]}],
)  # fmt: skip
def test_a_role_that_cannot_be_read_is_refused(declare, as_, wrong):
    assert post(as_("cto"), f"{declare().number}/roles/", **wrong).status_code == 400


def test_a_role_that_is_none_is_not_found(declare, as_):
    assert delete(as_("cto"), f"{declare().number}/roles/왕/").status_code == 404


def test_a_responder_hands_over_only_what_is_theirs(declare, as_):
    incident, api = declare(), as_("dev1")
    path = f"{incident.number}/roles/"

    assert post(api, path, role="scribe", username="dev2").status_code == 409
    post(api, path, role="scribe")
    handed = post(api, path, role="scribe", username="dev2").json()
    assert [row["username"] for row in handed if row["role"] == "scribe"] == ["dev2"]


# Who looks


def test_whoever_looks_is_seen_by_the_others(declare, as_):
    incident = declare()
    path = f"{incident.number}/presence/"

    assert get(as_("cto"), path).json() == []
    for _ in range(2):
        assert post(as_("dev1"), path).json() == [{"username": "dev1", "name": "윤서아"}]
    assert get(as_("cto"), path).json() == [{"username": "dev1", "name": "윤서아"}]
    assert Presence.objects.count() == 1


# Customers


def test_customers_feel_it_after_all_and_it_is_said_once(declare, as_):
    incident, api = declare("P3"), as_("dev1")
    assert get(api, f"{incident.number}/").json()["customer_impact"] is False

    for _ in range(2):
        answer = post(api, f"{incident.number}/impact/", customer_impact=True)
        assert (answer.status_code, answer.json()["customer_impact"]) == (200, True)
    assert kinds(incident).count("customer_impact") == 1
    assert last_event(incident, "customer_impact").data == {"felt": True}
    assert post(api, f"{incident.number}/impact/", customer_impact=False).status_code == 200
    assert kinds(incident).count("customer_impact") == 2


@pytest.mark.parametrize("said", [{}, {"customer_impact": None}, {"customer_impact": "글쎄요"}])
def test_an_impact_that_says_nothing_is_refused(declare, as_, said):
    assert post(as_("dev1"), f"{declare().number}/impact/", **said).status_code == 400


# The severity it looks like


def looks_graver(fire):
    return fire(title="출금이 멈췄어요", severities=["warning"], service="")


def test_what_it_looks_like_is_told_and_kept_by_a_person_once(fire, as_):
    incident, api = looks_graver(fire), as_("cto")
    path = f"{incident.number}/suggestion/"
    said = get(api, path).json()
    assert said["severity"] == "P1" != incident.severity
    assert said["found"] == ["출금", "멈췄"]

    kept = post(api, f"{path}keep/", severity=incident.severity)
    assert (kept.status_code, kept.json()["severity"]) == (200, None)
    assert SuggestionMade.objects.get().decided == incident.severity
    again = post(api, f"{path}keep/", severity=incident.severity)
    assert (again.status_code, len(again.json()["detail"]) > 10) == (409, True)
    assert kinds(incident).count("severity_kept") == 1


def test_only_the_severity_it_has_is_kept(fire, as_):
    incident = looks_graver(fire)
    path = f"{incident.number}/suggestion/keep/"

    assert post(as_("cto"), path, severity="P0").status_code == 409
    assert post(as_("cto"), path, severity="심각").status_code == 400
    assert post(as_("cto"), path).status_code == 400
    assert post(as_("dev1"), path, severity=incident.severity).status_code == 403


# Evidence


def test_a_file_goes_for_good_and_only_once(declare, as_):
    incident, api = declare(), as_("cto")
    path = f"{incident.number}/evidence/"
    key = api.post(f"{INCIDENTS}{path}", {"file": SimpleUploadedFile("키.log", LOG)}).json()["id"]
    assert get(api, f"{path}{key}/").json()["name"] == "키.log"

    assert delete(as_("dev1"), f"{path}{key}/").status_code == 403
    assert delete(api, f"{path}{key}/").status_code == 204
    assert delete(api, f"{path}{key}/").status_code == 409
    assert get(api, f"{path}{key}/content/").status_code == 404
    assert get(api, f"{path}{key}/").json()["removed_at"]
    assert kinds(incident).count("evidence_removed") == 1


def test_a_file_of_another_incident_stays(declare, as_):
    mine, other, api = declare(), declare(), as_("cto")
    file = {"file": SimpleUploadedFile("a.log", LOG)}
    key = api.post(f"{INCIDENTS}{mine.number}/evidence/", file).json()["id"]

    assert delete(api, f"{other.number}/evidence/{key}/").status_code == 404


# For all of them

READ = ["team/", "roles/", "presence/", "suggestion/", "tasks/", "evidence/", "messages/"]
DONE = [
    ("team/join/", {}), ("team/", {}), ("presence/", {}), ("impact/", {"customer_impact": True}),
    ("suggestion/keep/", {"severity": "P1"}), ("roles/", {"role": "scribe"}),
    ("tasks/", {"text": "로그"}),
]  # fmt: skip


@pytest.mark.parametrize("number", [404404, 10**25])
def test_of_an_incident_that_is_not_there_nothing_is_found(as_, number):
    api = as_("cto")

    assert [get(api, f"{number}/{path}").status_code for path in READ] == [404] * len(READ)
    assert [post(api, f"{number}/{path}", **said).status_code for path, said in DONE] == [
        404
    ] * len(DONE)


def test_a_token_that_only_reads_does_nothing(declare, as_):
    incident, api = declare(), as_("cto", scope="read")
    before = kinds(incident)

    assert {get(api, f"{incident.number}/{path}").status_code for path in READ} == {200}
    said = {post(api, f"{incident.number}/{path}", **body).status_code for path, body in DONE}
    assert (said, kinds(incident)) == ({403}, before)
    assert not Presence.objects.exists()


@pytest.mark.parametrize("body", ["[", "7", '"출금"', "[]", "null"])
@pytest.mark.parametrize("path", ["impact/", "suggestion/keep/", "roles/"])
def test_what_is_no_object_is_refused(declare, as_, path, body):
    address = f"{INCIDENTS}{declare().number}/{path}"

    answer = as_("cto").post(address, body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("path", READ)
def test_the_rooms_parts_cost_the_same_however_many_there_are(declare, as_, commander, path):
    incident, api, costs = declare(), as_("cto"), []
    address = f"{incident.number}/{path}"
    for count in (1, 12):
        for n in range(count):
            add_one_of_each(incident, commander, n, count)
        get(api, address)
        with CaptureQueriesContext(connection) as queries:
            assert get(api, address).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1]


def add_one_of_each(incident, commander, n, count):
    at = incident.detected_at
    services.add_task(incident, f"로그 {n} {count}", by=commander, at=at, owner=commander)
    body = LOG + f"{n} {count}".encode()
    services.attach(incident, f"{n}-{count}.log", body, by=commander, at=at)
    who = person(["dev1", "dev2", "devops", "tech-lead"][n % 4])
    services.look(incident, by=who, at=clock.now())
    incident.roles.create(role="expert", user=who, since=at, until=at, given_by=commander)
    group = StakeholderGroup.objects.all()[n % 3]
    stakeholders.write(incident, group, MINE, urgency="high", by=who, at=at)
