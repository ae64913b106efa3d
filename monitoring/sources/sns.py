import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from integrations import sns
from monitoring.domain.alerts import Signal
from monitoring.registry import sources
from monitoring.source import (
    JSON,
    BadPayload,
    Call,
    NotGenuine,
    NotNow,
    Source,
    first,
    flat,
    likeness,
    moment,
    text,
)
from monitoring.sources.generic import plain_signal

if TYPE_CHECKING:
    from monitoring.models import Integration

TOO_OLD: Final = timedelta(hours=2)  # SNS tries for an hour; message ids are remembered for longer
OVER: Final = {"OK": True, "ALARM": False}  # INSUFFICIENT_DATA is neither


@sources.register("sns")
class SNS(Source):
    """Amazon SNS over HTTPS, and CloudWatch's alarms in it; other messages are read as plain JSON.

    Believed is what Amazon signed, for the one topic the integration names, once for each message.
    """

    path = "ingest/sns/<token>/"
    wants_topic = True

    def vouch(self, call: Call, integration: "Integration") -> None:
        message = _message(call)
        if message.get("TopicArn") != integration.topic:
            raise NotGenuine(f"expected topic {integration.topic}, got {_arn(message)}")
        sent = moment(message.get("Timestamp"))
        if sent is None or abs(call.at - sent) > TOO_OLD:
            raise NotGenuine(f"Timestamp is not within {TOO_OLD} of now")
        try:
            sns.verify(message)
        except sns.Forged as forged:
            raise NotGenuine(str(forged)) from forged
        except sns.Unreachable as away:
            raise NotNow(str(away)) from away

    def message_id(self, call: Call) -> str:
        return text(call.payload.get("MessageId"), 100)

    def signals(self, call: Call) -> Sequence[Signal]:
        message = _message(call)
        return _notified(message) if message.get("Type") == "Notification" else []

    def settle(self, call: Call) -> None:
        if call.payload.get("Type") != "SubscriptionConfirmation":
            return
        try:
            sns.confirm(call.payload)
        except sns.Forged as forged:
            raise BadPayload(str(forged)) from forged
        except sns.Unreachable as away:
            raise NotNow(str(away)) from away


def _message(call: Call) -> Mapping[str, JSON]:
    if not isinstance(call.payload, Mapping) or "TopicArn" not in call.payload:
        raise BadPayload("the body must be a message of Amazon SNS, without raw delivery")
    return call.payload


def _arn(message: Mapping[str, JSON]) -> str:
    return text(message.get("TopicArn"), 200)


def _notified(message: Mapping[str, JSON]) -> Sequence[Signal]:
    said, subject = text(message.get("Message"), 65536), text(message.get("Subject"))
    inside = _inside(message.get("Message"))
    if isinstance(inside, Mapping) and "NewStateValue" in inside:
        return _alarm(inside)
    if isinstance(inside, Mapping):
        return [plain_signal({"title": subject} | dict(inside))]
    return [plain_signal({"title": subject or said[:200], "description": said})]


def _inside(message: JSON) -> JSON:
    try:
        return json.loads(message) if isinstance(message, str) else None
    except (ValueError, RecursionError):
        return None


def _alarm(alarm: Mapping[str, JSON]) -> Sequence[Signal]:
    state, name = alarm["NewStateValue"], text(alarm.get("AlarmName"))
    key = text(alarm.get("AlarmArn"), 255) or name
    if not key:
        raise BadPayload("the alarm has neither AlarmArn nor AlarmName")
    if not isinstance(state, str) or state not in OVER:
        return []
    labels = _labels(alarm)
    reason = text(alarm.get("NewStateReason"), 2048)
    return [
        Signal(
            key=key,
            title=name or key,
            resolved=OVER[state],
            description="\n".join(
                filter(None, [text(alarm.get("AlarmDescription"), 2048), reason])
            ),
            service=text(first(labels, "service", "ServiceName"), 80),
            group=likeness(name),
            labels=labels,
            started_at=moment(alarm.get("StateChangeTime")),
        )
    ]


def _labels(alarm: Mapping[str, JSON]) -> dict[str, str]:
    """What the alarm watches; its dimensions are labels of their own."""
    trigger = alarm.get("Trigger")
    trigger = trigger if isinstance(trigger, Mapping) else {}
    dimensions = trigger.get("Dimensions")
    named = {
        text(each.get("name"), 255): each.get("value")
        for each in (dimensions if isinstance(dimensions, list) else [])
        if isinstance(each, Mapping)
    }
    return flat(named) | flat(
        {
            "alertname": alarm.get("AlarmName"), "region": alarm.get("Region"),
            "account": alarm.get("AWSAccountId"), "metric": trigger.get("MetricName"),
            "namespace": trigger.get("Namespace"),
        }
    )  # fmt: skip
