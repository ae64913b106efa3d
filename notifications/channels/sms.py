from integrations import http, twilio
from notifications.channel import Channel, Message
from notifications.channels.voice import handed_over
from notifications.registry import channels


@channels.register("sms")
class Sms(Channel):
    """Twilio has no idempotency key for messages: before a repeat we look whether it has ours."""

    def send(self, message: Message, address: str) -> str:
        return handed_over("Messages", message, {"To": address, "Body": message.short})

    def find(self, message: Message, address: str) -> str | None:
        try:
            earlier = twilio.since("Messages", to=address, at=message.first_tried_at)
        except (twilio.TwilioError, http.Unreachable):
            return None  # cannot tell: better a repeat than silence
        return next(
            (str(sent["sid"]) for sent in earlier if sent.get("body") == message.short), None
        )
