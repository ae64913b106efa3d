from integrations import http, twilio
from integrations.twilio import Account
from notifications.channel import Channel, Message, Taken
from notifications.registry import channels
from notifications.telephony import Look, found, handed_over


@channels.register("sms")
class Sms(Channel):
    """Twilio has no idempotency key for messages: before a repeat we look whether it has ours."""

    def send(self, message: Message, address: str) -> Taken:
        fields = {"To": address, "Body": message.short}
        return handed_over("Messages", message, fields, arrived=_look(message, address))

    def find(self, message: Message, address: str) -> Taken | None:
        return found(_look(message, address))


def _look(message: Message, address: str) -> Look:
    def look(account: Account) -> str | None:
        try:
            earlier = twilio.since(account, "Messages", to=address, at=message.first_tried_at)
        except (twilio.TwilioError, http.Unreachable):
            return None  # cannot tell: better a repeat than silence
        return next(
            (str(sent["sid"]) for sent in earlier if sent.get("body") == message.short), None
        )

    return look
