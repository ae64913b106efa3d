"""What /bongsu does, for whoever typed it in Slack."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation

from incidents.domain.replies import How
from incidents.services import answering
from incidents.services.chat import stranger
from incidents.services.commands import Asker
from incidents.services.telling import Way

SLACK: Final = Way("slack", How.COMMAND, prefix="/bongsu ")


def command(user: str, text: str, *, key: str, at: datetime, place: str = "") -> str:
    """What is shown to them and to nobody else, as Slack's own mark-up."""
    return answering.once(f"slack:{key}", at=at, act=lambda: _answer(user, text, place, at))


def _answer(user: str, text: str, place: str, at: datetime) -> str:
    if person := answering.whose("slack", user):
        return Asker(person, SLACK, at, place).answer(text)
    with translation.override(settings.LANGUAGE_CODE):
        return stranger(user)
