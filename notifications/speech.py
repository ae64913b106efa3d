"""What a call says and asks, as TwiML: in the recipient's language, and short enough for Twilio."""

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.channel import Message

VOICES: Final = {"ko": "ko-KR", "en": "en-US"}
# XML cannot hold them, however escaped: one in a title (a coloured log line) and no phone rings.
UNSPEAKABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Twilio takes 4,000 characters of TwiML, and an ampersand is five: said twice, this always fits.
LONGEST: Final = 300


def page(message: Message) -> str:
    """It is said twice: the first time wakes, the second is understood. Keys count at any time."""
    language = message.language
    with override(language):
        keys = say(
            _("Press 1 to acknowledge, 2 to hear it again, 3 if you cannot take it."), language
        )
        silence = say(
            _("No key was pressed. Answer by the link in another message, or in the portal."),
            language,
        )
    once = say(Truncator(message.spoken).chars(LONGEST), language) + keys
    gather = f'<Gather numDigits="1" timeout="8" action={quoteattr(message.keys)}>'
    return response(f'{gather}{once}<Pause length="1"/>{once}</Gather>{silence}')


def news(message: Message) -> str:
    """Twice as well, but no key is asked for."""
    once = say(Truncator(message.spoken).chars(LONGEST), message.language)
    return response(f'{once}<Pause length="1"/>{once}')


def say(words: str, language: str) -> str:
    voice = VOICES.get(language, VOICES["en"])
    return f'<Say language="{voice}">{escape(UNSPEAKABLE.sub(" ", words))}</Say>'


def response(content: str) -> str:
    return f"<Response>{content}</Response>"
