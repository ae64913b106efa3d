import re

import pytest

from monitoring.models import Alert
from monitoring.registry import sources
from tests.monitoring.conftest import captured

pytestmark = pytest.mark.django_db

GOOD = {"summary": "Withdrawals stuck", "source": "wallet-1", "severity": "warning"}


@pytest.fixture
def pagerduty(sender):
    return sender("pagerduty")


def trigger(key="k1", **said):
    return {"event_action": "trigger", "dedup_key": key, "payload": GOOD | said}


def end(key="k1", action="resolve"):
    return {"event_action": action, "dedup_key": key}


def open_alerts():
    return Alert.objects.open().count()


def test_a_body_that_is_no_json_is_answered_in_pagerdutys_words(pagerduty):
    answer = pagerduty.post(b"{")

    assert answer.status_code == 400
    assert answer.json() == {
        "status": "Unrecognized object",
        "message": "Event object format is unrecognized",
        "errors": ["JSON parse error"],
    }


def test_a_short_routing_key_is_answered_in_pagerdutys_words(pagerduty):
    answer = pagerduty.post(trigger() | {"routing_key": "short"})

    assert answer.status_code == 400
    assert answer.json() == {
        "status": "invalid event",
        "message": "Event object is invalid",
        "errors": ["Length of 'routing_key' is incorrect (should be 32 characters)"],
    }


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        ({"event_action": "silence"}, "'event_action' is missing or invalid"),
        ({"event_action": ["trigger"]}, "'event_action' is missing or invalid"),
        ({"event_action": "trigger"}, "'payload' is missing or invalid"),
        (trigger(summary=""), "'payload.summary' is missing or blank"),
        (trigger(source=None), "'payload.source' is missing or blank"),
        (trigger(severity="P0"), "'payload.severity' is invalid"),
        (trigger(severity=["error"]), "'payload.severity' is invalid"),
        ({"event_action": "resolve"}, "'dedup_key' is missing or blank"),
        ({"event_action": "acknowledge", "dedup_key": ""}, "'dedup_key' is missing or blank"),
        (trigger(key=7), "'dedup_key' must be a string"),
        (trigger(key="x" * 256), "'dedup_key' must be a string of at most 255 characters"),
    ],
)
def test_what_is_wrong_with_an_event_is_said(pagerduty, event, fault):
    answer = pagerduty.post(event)

    assert answer.status_code == 400
    assert any(fault in said for said in answer.json()["errors"])
    assert not Alert.objects.exists()


def test_all_faults_are_said_at_once(pagerduty):
    answer = pagerduty.post({"event_action": "trigger", "payload": {}, "routing_key": "short"})

    assert len(answer.json()["errors"]) == 4


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_news_of_an_alert_nobody_knows_has_no_effect(pagerduty, action):
    answer = pagerduty.post(end("unknown", action))

    assert answer.status_code == 202
    assert not Alert.objects.exists()


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_news_of_an_alert_that_is_over_has_no_effect(pagerduty, action):
    pagerduty.post(trigger())
    pagerduty.post(end())
    before = Alert.objects.values().get()

    assert pagerduty.post(end(action=action)).status_code == 202
    assert Alert.objects.values().get() == before


def test_a_trigger_is_answered_with_its_key(pagerduty):
    answer = pagerduty.post(trigger("db/1"))

    assert answer.status_code == 202
    assert answer.json() == {
        "status": "success", "message": "Event processed", "dedup_key": "db/1",
    }  # fmt: skip


def test_a_trigger_without_a_key_is_given_one_that_resolves_it(pagerduty):
    event = {"event_action": "trigger", "payload": GOOD}
    first, second = (pagerduty.post(event).json()["dedup_key"] for _ in range(2))

    pagerduty.post(end(first))

    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second
    assert Alert.objects.open().get().key == second


def test_a_second_trigger_folds_into_the_open_alert(pagerduty):
    pagerduty.post(trigger())
    pagerduty.post(trigger())

    assert Alert.objects.get().count == 2


def test_a_trigger_after_the_end_is_a_new_alert(pagerduty):
    pagerduty.post(trigger())
    pagerduty.post(end())
    pagerduty.post(trigger())

    assert Alert.objects.count() == 2
    assert open_alerts() == 1


def test_an_acknowledged_alert_stays_open(pagerduty):
    pagerduty.post(trigger())
    pagerduty.post(end(action="acknowledge"))

    alert = Alert.objects.open().get()
    assert alert.acknowledged_at
    assert alert.unread


def test_what_alertmanager_sends_to_pagerduty_has_the_severity_of_its_labels(pagerduty):
    pagerduty.post(captured("pagerduty-trigger") | {"routing_key": pagerduty.token})

    alert = Alert.objects.get()
    assert alert.severity == "P0"  # its own word is always "error"
    assert alert.service == "wallet"
    assert alert.group == "WithdrawalQueueStuck"
    assert alert.labels["instance"] == "127.0.0.1:9999"


def test_what_alertmanager_sends_when_it_is_over_ends_it(pagerduty):
    for name in ("pagerduty-trigger", "pagerduty-resolve", "pagerduty-resolve"):
        pagerduty.post(captured(name) | {"routing_key": pagerduty.token})

    assert Alert.objects.count() == 1
    assert open_alerts() == 0


def test_its_clients_change_the_host_only():
    assert sources["pagerduty"].addressed("https://bongsu.example", "k") == (
        "https://bongsu.example/v2/enqueue"
    )
