"""What somebody writes by text message: an answer to a page, or any other command."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.domain.replies import How
from incidents.registry import hearers
from incidents.services import answering
from incidents.services.commands import Asker
from incidents.services.telling import Way

SMS: Final = Way("sms", How.REPLY)


def reply_by_sms(sender: str, text: str, *, key: str, at: datetime) -> str:
    """What the sender is told. Whose number is it, what do they mean, which incident?"""
    return answering.once(f"sms:{key}", at=at, act=lambda: _answer(sender, text, at))


def _answer(sender: str, text: str, at: datetime) -> str:
    for name in hearers:
        if said := hearers[name].hear(sender, text, at=at):
            return said
    if person := answering.whose("sms", sender):
        return Asker(person, SMS, at).answer(text)
    with translation.override(settings.LANGUAGE_CODE):
        return _("This number is not known here. Open the link in the message to answer.")
