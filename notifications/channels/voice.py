from notifications import speech
from notifications.channel import Channel, Message, Taken
from notifications.registry import channels
from notifications.telephony import handed_over


@channels.register("voice")
class Voice(Channel):
    """A call, answered by a key where an answer is asked for.

    Twilio cannot tell two calls to one number apart, so after a crash we rather call again.
    """

    def send(self, message: Message, address: str) -> Taken:
        said = speech.page(message) if message.keys else speech.news(message)
        return handed_over("Calls", {"To": address, "Twiml": said}, callback=message.status)
