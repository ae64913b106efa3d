"""Amazon SNS and CloudWatch: believed is what is signed, once, for the one topic."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from integrations import sns as amazon_sns
from monitoring.models import Alert, HeardMessage, Payload
from monitoring.services import MESSAGES_KEPT, prune
from tests.monitoring.bodies import TOPIC

pytestmark = pytest.mark.django_db

ARN = "arn:aws:cloudwatch:ap-northeast-2:123456789012:alarm:withdrawals"


@pytest.fixture
def sns(sender):
    return sender("sns")


def note(message, **said):
    text = message if isinstance(message, str) else json.dumps(message)
    return {"TopicArn": TOPIC, "Message": text, "Subject": "ALARM"} | said


def alarm(state="ALARM", **said):
    trigger = {
        "MetricName": "Latency", "Namespace": "AWS/ELB",
        "Dimensions": [{"name": "LoadBalancer", "value": "app/withdrawals"}],
    }  # fmt: skip
    return {
        "AlarmName": "출금 지연", "AlarmArn": ARN, "NewStateValue": state, "Trigger": trigger,
        "NewStateReason": "Threshold Crossed", "StateChangeTime": "2026-11-23T00:05:58.839+0000",
        "Region": "Asia Pacific (Seoul)", "AlarmDescription": "느려요",
    } | said  # fmt: skip


def question(**said):
    return {"Type": "SubscriptionConfirmation", "TopicArn": TOPIC, "Message": "Confirm?"} | said


def refusal():
    return Payload.objects.exclude(error="").get().error


@pytest.mark.parametrize("version", ["1", "2"])
def test_an_alarm_of_either_signature_is_understood(sns, version):
    assert sns.post(note(alarm(), SignatureVersion=version)).status_code == 200

    alert = Alert.objects.get()
    assert (alert.key, alert.title, alert.group) == (ARN, "출금 지연", "출금 지연")
    assert alert.labels["LoadBalancer"] == "app/withdrawals"
    assert alert.description == "느려요\nThreshold Crossed"
    assert alert.started_at == datetime(2026, 11, 23, 0, 5, 58, 839_000, tzinfo=UTC)


def test_ok_ends_it_and_a_lack_of_data_does_not(sns):
    sns.post(note(alarm()))
    sns.post(note(alarm("INSUFFICIENT_DATA")))
    assert Alert.objects.open().get().count == 1

    sns.post(note(alarm("OK")))

    assert not Alert.objects.open().exists()


def test_a_lack_of_data_alone_is_no_alert(sns):
    assert sns.post(note(alarm("INSUFFICIENT_DATA"))).status_code == 200
    assert not Alert.objects.exists()


def test_a_message_that_is_repeated_after_the_end_does_not_fire_again(sns):
    sns.post(note(alarm(), MessageId="m1"))
    sns.post(note(alarm("OK"), MessageId="m2"))

    assert sns.post(note(alarm(), MessageId="m1")).status_code == 200
    assert Alert.objects.count() == 1
    assert not Alert.objects.open().exists()


def test_what_was_heard_is_forgotten_in_time(sns):
    sns.post(note(alarm()))

    prune(at=datetime.now(UTC) + MESSAGES_KEPT + timedelta(minutes=1))

    assert not HeardMessage.objects.exists()


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("출금이 멈췄어요", "ALARM"),
        ({"title": "출금 중단", "severity": "high"}, "출금 중단"),
        ({"source": "aws.health"}, "ALARM"),
        ("[1", "ALARM"),
    ],
)
def test_other_messages_of_the_topic_are_alerts_too(sns, message, title):
    sns.post(note(message))

    assert Alert.objects.get().title == title


@pytest.mark.parametrize(
    ("forged", "reason"),
    [
        ({"Message": "{}"}, "does not fit"),
        ({"Signature": "!"}, "does not fit"),
        ({"Signature": None}, "does not fit"),
        ({"SignatureVersion": "3"}, "SignatureVersion"),
        ({"SignatureVersion": "1"}, "does not fit"),
        ({"TopicArn": "arn:aws:sns:us-east-1:1:other"}, "expected topic"),
        ({"Timestamp": "2020-01-01T00:00:00Z"}, "Timestamp"),
        ({"Timestamp": None}, "Timestamp"),
        ({"SigningCertURL": "https://sns.us-east-1.amazonaws.com.evil.example/a.pem"}, "Amazon"),
        ({"SigningCertURL": "https://sns.us-east-1.amazonaws.com@evil.example/a.pem"}, "Amazon"),
        ({"SigningCertURL": "http://sns.us-east-1.amazonaws.com/a.pem"}, "Amazon"),
        ({"SigningCertURL": ["https://sns.us-east-1.amazonaws.com/"]}, "Amazon"),
    ],
)
def test_what_is_not_as_amazon_left_it_is_refused_and_kept(sns, amazon, forged, reason):
    signed = amazon.http.post("/sns/sign", json=note(alarm())).json()

    answer = sns.post(json.dumps(signed | forged).encode())

    assert answer.status_code == 401
    assert reason in refusal()
    assert not Alert.objects.exists()


def test_a_body_of_raw_delivery_is_refused_with_a_hint(sns):
    assert sns.post(json.dumps(alarm()).encode()).status_code == 400
    assert "raw delivery" in refusal()


def test_the_subscription_to_the_expected_topic_is_confirmed(sns, amazon):
    assert sns.post(question()).status_code == 200

    assert amazon.inbox(channel="sns")[0]["to"] == TOPIC
    assert not Alert.objects.exists()


def test_the_subscription_to_another_topic_is_not(sns, amazon):
    assert sns.post(question(TopicArn="arn:aws:sns:us-east-1:1:other")).status_code == 401

    assert amazon.inbox(channel="sns") == []
    assert "got arn:aws:sns:us-east-1:1:other" in refusal()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/", "https://evil.example/", ""]
)
def test_a_confirmation_leads_to_amazon_only(sns, amazon, url):
    assert sns.post(question(SubscribeURL=url)).status_code == 400
    assert "SubscribeURL" in refusal()


@pytest.mark.parametrize("mode", ["fail", "drop", "garbage"])
def test_while_the_certificate_is_not_to_be_had_amazon_is_asked_to_come_again(sns, amazon, mode):
    amazon.break_("sns", mode)

    answer = sns.post(note(alarm()))

    assert answer.status_code == (401 if mode == "garbage" else 503)
    assert not Alert.objects.exists()


def test_a_confirmation_that_fails_is_asked_for_again(sns, amazon):
    sns.post(note(alarm()))  # the certificate is known by now
    amazon.break_("sns", "fail")

    assert sns.post(question()).status_code == 503


def test_the_certificate_is_fetched_once(sns, amazon):
    for _ in range(3):
        sns.post(note(alarm()))

    assert amazon_sns.key_at.cache_info().misses == 1


def test_where_nobody_stands_in_only_amazon_is_believed(sns, amazon, settings):
    signed = amazon.http.post("/sns/sign", json=note(alarm())).json()
    settings.SNS_STAND_IN = ""

    assert sns.post(json.dumps(signed).encode()).status_code == 401
