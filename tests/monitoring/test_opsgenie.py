import pytest

from monitoring.models import Alert, Payload
from tests.monitoring.conftest import captured

pytestmark = pytest.mark.django_db


@pytest.fixture
def opsgenie(sender):
    return sender("opsgenie")


@pytest.fixture
def act(opsgenie):
    """Does something to an alert, as its clients do; the answer's request is looked up."""

    def run(verb, alias="db/disk", kind="alias", client=None):
        who = client or opsgenie.browser
        path = f"/v2/alerts/{alias}/{verb}?identifierType={kind}"
        answer = who.post(path, {"user": "monit"}, content_type="application/json")
        assert answer.status_code == 202, answer.content
        return who.get(f"/v2/alerts/requests/{answer.json()['requestId']}").json()["data"]

    return run


def create(alias="db/disk", **said):
    return {"message": "디스크 91 %", "alias": alias} | said


def test_what_alertmanagers_notifier_sends_is_understood(opsgenie):
    answer = opsgenie.post(captured("opsgenie-create"))

    alert = Alert.objects.get()
    assert answer.status_code == 202
    assert answer.json()["result"] == "Request will be processed"
    assert (alert.severity, alert.service, alert.group) == ("P0", "wallet", "WithdrawalQueueStuck")


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({}, "P2"),  # its own default is P3, "moderate"
        ({"priority": "P1"}, "P0"),
        ({"priority": "P2"}, "P1"),
        ({"priority": "P5"}, "P3"),
        ({"priority": "P1", "details": {"severity": "minor"}}, "P3"),
        ({"priority": ["P1"]}, "P2"),
    ],
)
def test_its_p1_is_the_gravest_as_our_p0_is(opsgenie, said, severity):
    opsgenie.post(create(**said))

    assert Alert.objects.get().severity == severity


def test_an_alert_without_an_alias_gets_one(opsgenie):
    opsgenie.post({"message": "a"})
    opsgenie.post({"message": "a"})

    assert Alert.objects.count() == 2


def test_closing_by_alias_ends_it_and_the_request_says_so(opsgenie, act):
    opsgenie.post(create())

    said = act("close")

    assert (said["success"], said["status"], said["alias"]) == (True, "Closed alert", "db/disk")
    assert not Alert.objects.open().exists()


def test_acknowledging_is_not_ending(opsgenie, act):
    opsgenie.post(create())

    assert act("acknowledge", kind="id")["status"] == "Acknowledged alert"
    assert Alert.objects.open().get().acknowledged_at


def test_closing_what_is_not_there_is_accepted_and_the_request_says_so(act):
    said = act("close", alias="unknown")

    assert (said["success"], said["status"]) == (False, "Alert does not exist")


@pytest.mark.parametrize("verb", ["snooze", "notes", "assign", "unacknowledge"])
def test_what_has_no_meaning_here_changes_nothing_and_says_so(opsgenie, act, verb):
    opsgenie.post(create())
    before = Alert.objects.values().get()

    assert act(verb)["success"] is False
    assert Alert.objects.values().get() == before


@pytest.mark.parametrize("path", ["db/disk/explode", "%00/close", "x/close?identifierType=tiny"])
def test_what_it_cannot_mean_is_refused_and_kept(opsgenie, path):
    answer = opsgenie.browser.post(f"/v2/alerts/{path}", {}, content_type="application/json")

    assert answer.status_code in {202, 400}
    assert bool(Payload.objects.exclude(error="")) == (answer.status_code == 400)


def test_the_message_is_needed(opsgenie):
    answer = opsgenie.post({"alias": "a"})

    assert (answer.status_code, answer.json()["message"]) == (400, "message: may not be empty")


@pytest.mark.parametrize("key", ["", "GenieKey", "Bearer {token}", "GenieKey wrong"])
def test_without_its_key_nobody_is_answered(opsgenie, key, client):
    said = {"authorization": key.format(token=opsgenie.token)}

    for path in ("/v2/alerts", "/v2/alerts/db/disk", "/v2/alerts/requests/1"):
        assert client.get(path, headers=said).status_code == 401
    assert client.post("/v2/alerts", create(), headers=said).status_code in {400, 401}


def test_an_alert_is_read_by_alias_and_by_tiny_id(opsgenie):
    opsgenie.post(create(priority="P2", details={"host": "db-1"}))
    read = opsgenie.browser.get

    data = read("/v2/alerts/db/disk?identifierType=alias").json()["data"]
    again = read(f"/v2/alerts/{data['tinyId']}?identifierType=tiny").json()["data"]

    assert (data["message"], data["status"], data["priority"]) == ("디스크 91 %", "open", "P2")
    assert data["details"] == {"host": "db-1"}
    assert again == data


@pytest.mark.parametrize(
    "path",
    ["nothing", "nothing?identifierType=tiny", "9999999999999999999999?identifierType=tiny",
     "requests/nothing", "requests/00000000-0000-0000-0000-000000000001",
     "requests/ffffffff-ffff-ffff-ffff-ffffffffffff", "%00"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(opsgenie, path):
    assert opsgenie.browser.get(f"/v2/alerts/{path}").status_code == 404


def test_nobody_reads_or_ends_the_alerts_of_another_sender(opsgenie, act, sender):
    opsgenie.post(create())
    other = sender("opsgenie", "other").browser

    assert other.get("/v2/alerts/db/disk").status_code == 404
    assert other.get("/v2/alerts").json()["data"] == []
    assert act("close", client=other)["success"] is False
    assert Alert.objects.open().exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a", "b"}),
        ("status:open", {"b"}),
        ('status: closed AND alias: "a"', {"a"}),
        ("alias:b", {"b"}),
        ("디스크", {"a", "b"}),
        ("nothing", set()),
        ("((((", set()),
    ],
)
def test_a_list_is_searched_as_scripts_do(opsgenie, act, query, found):
    opsgenie.post(create("a"))
    opsgenie.post(create("b"))
    act("close", alias="a")

    said = opsgenie.browser.get("/v2/alerts", {"query": query, "limit": "x"}).json()["data"]

    assert {alert["alias"] for alert in said} == found
