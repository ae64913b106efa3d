from django.conf import settings

from integrations import http, twilio
from notifications import speech
from notifications.channel import Channel, DeliveryError, Message
from notifications.registry import channels


@channels.register("voice")
class Voice(Channel):
    """A call, answered by a key where an answer is asked for.

    Twilio cannot tell two calls to one number apart, so after a crash we rather call again.
    """

    def send(self, message: Message, address: str) -> str:
        said = speech.page(message) if message.keys else speech.news(message)
        return handed_over("Calls", message, {"To": address, "Twiml": said})


def handed_over(resource: str, message: Message, fields: dict[str, str]) -> str:
    """Create it at Twilio, in the outbox's words for what can go wrong."""
    ours = {"From": settings.TWILIO_FROM, "StatusCallback": message.status}
    try:
        return twilio.create(resource, ours | fields)
    except twilio.TwilioError as error:
        permanent = 400 <= error.status < 500 and error.status not in {408, 429}
        raise DeliveryError(
            f"HTTP {error.status} {error.text}", permanent=permanent, retry_after=error.retry_after
        ) from error
    except http.Unreachable as error:
        raise DeliveryError(str(error), permanent=False) from error
