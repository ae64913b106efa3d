import pytest

from monitoring.models import Alert

pytestmark = pytest.mark.django_db


@pytest.fixture
def generic(sender):
    return sender("generic")


@pytest.mark.parametrize("body", [[], "text", {"title": ""}, {"severity": "P0"}, {"title": "   "}])
def test_a_body_that_names_no_trouble_is_refused(generic, body):
    answer = generic.post(body)

    assert answer.status_code == 400
    assert answer.json()["error"] in {"the body must be a JSON object", "'title' is missing"}


def test_a_new_alert_is_said_to_be_new_and_its_repeat_is_not(generic):
    said = [generic.post({"title": "출금 중단"}).json() for _ in range(2)]

    assert [answer["new"] for answer in said] == [True, False]
    assert len({answer["dedup_key"] for answer in said}) == 1


def test_after_its_end_it_is_new_again(generic):
    generic.post({"title": "출금 중단", "key": "k"})
    over = generic.post({"key": "k", "status": "resolved"})
    again = generic.post({"title": "출금 중단", "key": "k"})

    assert (over.status_code, over.json()) == (200, {"new": False, "dedup_key": "k"})
    assert again.json()["new"]
    assert Alert.objects.open().count() == 1


@pytest.mark.parametrize("word", ["resolved", "OK", "closed", "recovered", "Up", "clear"])
@pytest.mark.parametrize("name", ["status", "state", "action"])
def test_people_have_many_words_for_the_end(generic, name, word):
    generic.post({"title": "t", "id": "k"})
    generic.post({"title": "t", "id": "k", name: word})

    assert not Alert.objects.open().exists()


def test_a_word_nobody_knows_is_not_the_end(generic):
    generic.post({"title": "t", "id": "k", "status": "perhaps"})

    assert Alert.objects.open().exists()


def test_without_a_key_the_title_and_the_service_are_the_key(generic):
    keys = {
        generic.post({"title": title, "service": service}).json()["dedup_key"]
        for title in ("a", "b")
        for service in ("x", "y", "x")
    }

    assert len(keys) == 4


def test_titles_that_differ_in_numbers_share_a_group(generic):
    for title in ("pod web-1 down", "pod web-27 down", "pod web down"):
        generic.post({"title": title})

    groups = Alert.objects.order_by("id").values_list("group", flat=True)
    assert groups[0] == groups[1] != groups[2]


def test_a_group_that_is_named_counts(generic):
    generic.post({"title": "pod web-1 down", "group": "web"})

    assert Alert.objects.get().group == "web"


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({}, "P2"),
        ({"severity": "critical"}, "P0"),
        ({"severity": "P1"}, "P1"),
        ({"priority": "p3", "severity": "critical"}, "P3"),
        ({"level": "debug"}, "none"),
        ({"labels": {"severity": "high"}}, "P1"),
        ({"severity": 1}, "P2"),
    ],
)
def test_its_severity_is_read_where_people_write_it(generic, said, severity):
    generic.post({"title": "t"} | said)

    assert Alert.objects.get().severity == severity


def test_everything_it_can_say_is_kept(generic):
    generic.post(
        {
            "title": "출금 중단", "service": "withdrawals", "description": "queue 300",
            "url": "https://grafana.example/d/1", "runbook_url": "https://wiki.example/r",
            "started_at": "2026-11-23T09:00:00+09:00", "labels": {"pod": "a"},
        }
    )  # fmt: skip

    alert = Alert.objects.get()
    assert (alert.title, alert.service, alert.description) == (
        "출금 중단",
        "withdrawals",
        "queue 300",
    )
    assert (alert.url, alert.runbook_url) == (
        "https://grafana.example/d/1",
        "https://wiki.example/r",
    )
    assert alert.started_at.isoformat() == "2026-11-23T00:00:00+00:00"
    assert alert.labels == {"pod": "a"}


def test_an_alert_with_an_end_in_the_future_expires(generic):
    generic.post({"title": "t", "endsAt": "2126-11-23T00:00:00Z"})

    assert Alert.objects.get().expires_at.year == 2126


def test_somebody_answered_in_the_senders_own_tool(generic):
    generic.post({"title": "t", "key": "k"})
    generic.post({"key": "k", "status": "acknowledged"})

    assert Alert.objects.open().get().acknowledged_at
