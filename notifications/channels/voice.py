import re
from typing import Final
from xml.sax.saxutils import escape

from django.conf import settings

from integrations import http, twilio
from notifications.channel import Channel, DeliveryError, Message
from notifications.registry import channels

VOICES = {"ko": "ko-KR", "en": "en-US"}
# XML cannot hold them, however escaped: one in a title (a coloured log line) and no phone rings.
UNSPEAKABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@channels.register("voice")
class Voice(Channel):
    """A call that says it twice: the first time wakes, the second is understood.

    Twilio cannot tell two calls to one number apart, so after a crash we rather call again.
    """

    def send(self, message: Message, address: str) -> str:
        fields = {"To": address, "From": settings.TWILIO_FROM, "Twiml": _twiml(message)}
        return handed_over("Calls", fields)


def _twiml(message: Message) -> str:
    words = escape(UNSPEAKABLE.sub(" ", message.spoken))
    say = f'<Say language="{VOICES.get(message.language, "en-US")}">{words}</Say>'
    return f'<Response>{say}<Pause length="1"/>{say}</Response>'


def handed_over(resource: str, fields: dict[str, str]) -> str:
    """Create it at Twilio, in the outbox's words for what can go wrong."""
    try:
        return twilio.create(resource, fields)
    except twilio.TwilioError as error:
        permanent = 400 <= error.status < 500 and error.status not in {408, 429}
        raise DeliveryError(
            f"HTTP {error.status} {error.text}", permanent=permanent, retry_after=error.retry_after
        ) from error
    except http.Unreachable as error:
        raise DeliveryError(str(error), permanent=False) from error
