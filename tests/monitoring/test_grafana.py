import time

import pytest
from django.test import Client

from monitoring.models import Alert, Payload
from monitoring.registry import sources
from monitoring.services import add_integration
from monitoring.sources.grafana import signature

pytestmark = pytest.mark.django_db

STAMP = "X-Grafana-Alerting-Signature-Timestamp"
PANEL = "https://grafana.example/d/withdrawals?viewPanel=3"


@pytest.fixture
def grafana(sender):
    return sender("grafana")


@pytest.fixture
def signed():
    """Posts as Grafana does when its contact point has a secret; other headers as wished."""
    integration, token = add_integration("grafana", name="signed", signed=True)
    path = sources["grafana"].addressed("", token)

    def post(raw, *, stamp="", sign=signature, **headers):
        said = sign(integration.signing_secret, raw, stamp)
        headers |= {"X-Grafana-Alerting-Signature": said} | ({STAMP: stamp} if stamp else {})
        return Client().post(path, raw, content_type="application/json", headers=headers)

    return post


def alert(**fields):
    labels = {"alertname": "출금 지연", "service": "withdrawals", "severity": "critical"}
    usual = {
        "status": "firing", "labels": labels, "annotations": {"summary": "출금이 나가지 않아요"},
        "startsAt": "2026-11-23T09:05:58+09:00", "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": "57c6d9296de2ad39", "generatorURL": "https://grafana.example/alerting/1",
        "dashboardURL": "https://grafana.example/d/withdrawals", "panelURL": PANEL,
        "values": {"B": 612.4, "C": 1},
    }  # fmt: skip
    return usual | fields


def body(*alerts, **fields):
    usual = {"version": "1", "orgId": 1, "state": "alerting", "receiver": "bongsu"}
    return usual | {"alerts": list(alerts)} | fields


def test_what_grafana_sends_is_understood(grafana):
    grafana.post(body(alert()))

    found = Alert.objects.get()
    assert (found.key, found.title) == ("57c6d9296de2ad39", "출금이 나가지 않아요")
    assert (found.severity, found.service, found.group) == ("P0", "withdrawals", "출금 지연")
    assert found.url == PANEL
    assert found.description == "B = 612.4, C = 1"
    assert found.expires_at is None


def test_one_alert_that_is_over_leaves_the_others_of_its_group_firing(grafana):
    grafana.post(body(alert(), alert(fingerprint="f2")))
    grafana.post(body(alert(status="resolved"), alert(fingerprint="f2"), state="ok"))

    assert Alert.objects.open().get().key == "f2"


def test_a_rule_without_data_stays_with_its_rule(grafana):
    labels = {"alertname": "DatasourceNoData", "rulename": "출금 지연"}
    grafana.post(body(alert(labels=labels)))

    assert Alert.objects.get().group == "출금 지연"


def test_a_body_of_the_administrators_own_template_is_read_as_plain_json(grafana):
    answer = grafana.post({"title": "출금 지연", "state": "alerting", "severity": "high"})

    assert answer.status_code == 200
    assert Alert.objects.values_list("title", "severity").get() == ("출금 지연", "P1")


def test_a_template_that_says_nothing_is_refused_and_kept(grafana):
    assert grafana.post({"text": "{{ oops }}"}).status_code == 400
    assert "'title' is missing" in Payload.objects.get().error


def test_it_may_put_instead_of_post(grafana):
    path = sources["grafana"].addressed("", grafana.token)

    assert Client().put(path, body(alert()), content_type="application/json").status_code == 200
    assert Alert.objects.exists()


def test_what_is_signed_is_taken_with_and_without_a_time(signed):
    now = str(int(time.time()))

    assert signed(b'{"title": "t"}').status_code == 200
    assert signed(b'{"title": "t"}', stamp=now).status_code == 200


@pytest.mark.parametrize(
    "stamp",
    ["1", "soon", "9" * 20, str(int(time.time()) - 3600)],
    ids=["1", "soon", "far", "an hour ago"],
)
def test_a_signature_of_another_time_is_refused(signed, stamp):
    assert signed(b'{"title": "t"}', stamp=stamp).status_code == 401


@pytest.mark.parametrize(
    "forged", ["", "0" * 64, "출금", signature("another secret", b'{"title": "t"}')]
)
def test_what_is_not_signed_with_its_secret_is_refused_and_kept(signed, forged):
    answer = signed(b'{"title": "t"}', sign=lambda *_: forged.encode().decode("latin-1"))

    assert answer.status_code == 401
    assert not Alert.objects.exists()
    assert "secret" in Payload.objects.get().error


def test_a_signature_of_another_body_is_refused(signed):
    answer = signed(b'{"title": "t"}', sign=lambda secret, *_: signature(secret, b"{}"))

    assert answer.status_code == 401


def test_a_new_token_comes_with_a_new_secret_and_none_is_stored():
    integration, _ = add_integration("grafana", name="signed", signed=True)
    before = integration.signing_secret
    integration.new_token()
    integration.save()

    stored = str(type(integration).objects.values().get())
    assert integration.signing_secret != before
    assert integration.signing_secret not in stored
