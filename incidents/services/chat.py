"""The button under a page in Slack."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.domain.replies import How
from incidents.models import Incident
from incidents.services import answering
from incidents.services.showing import standing
from integrations.slack import escaped
from notifications import services as outbox
from notifications.models import Delivery, Lane
from teams.models import User


@dataclass(frozen=True)
class Press:
    """The button under a page: who pressed it, which page it was, and where the answer goes."""

    user: str
    name: str
    page: str
    back: str
    declines: bool = False


def pressed(press: Press, *, key: str, at: datetime) -> None:
    """The message then says who answered, or that they cannot. Whoever may not is told so, alone."""
    answering.once(f"slack:{key}", at=at, act=lambda: _answered(press, at))


def _answered(press: Press, at: datetime) -> str:
    person, page = answering.whose("slack", press.user), _page(press.page)
    language = person.language if person else settings.LANGUAGE_CODE
    with translation.override(language):
        incident = answering.incident_of(page.topic) if page else None
        if person is None:
            refusal = stranger(press.user)
        elif page is None or incident is None:
            refusal = _("This page can no longer be answered. Nothing was changed.")
        elif not answering.may_answer(person, incident):
            refusal = _("You were not paged, and your role may not answer. Ask an administrator.")
        elif press.declines:
            said = answering.declined(incident, by=person, at=at, via="slack", how=How.BUTTON)
            _put(_aside(said, person, press, language, at))
            return ""
        else:
            answering.acknowledged(incident, by=person, at=at, via="slack", how=How.BUTTON)
            _put(_with_the_answer(page, incident, press, at))
            return ""
        _put(_aside(refusal, person, press, language, at))
        return refusal


def _page(key: str) -> Delivery | None:
    try:
        return Delivery.objects.filter(pk=UUID(key)).first()
    except ValueError:
        return None


def _with_the_answer(page: Delivery, incident: Incident, press: Press, at: datetime) -> Delivery:
    """The page again, in place of itself, with who answered instead of the button."""
    with translation.override(page.language):
        answered = standing(Incident.objects.select_related("acknowledged_by").get(pk=incident.pk))
    context = page.context | {"answered": answered, "reply": {"replace_original": True}}
    return _delivery(press, page.recipient, page.language, page.template, context, at)


def _aside(words: str, person: User | None, press: Press, language: str, at: datetime) -> Delivery:
    reply = {"response_type": "ephemeral", "replace_original": False}
    context = {"said": words, "reply": reply}
    return _delivery(press, person, language, "said", context, at)


def _delivery(
    press: Press, to: User | None, language: str, template: str, context: Any, at: datetime
) -> Delivery:
    return Delivery(
        lane=Lane.PAGE, topic=f"slack:{press.user}"[:80], step="answer", recipient=to,
        recipient_name=(to.name if to else press.name)[:120], language=language, channel="slack",
        address=press.back[:500], template=template, context=context, created_at=at, due_at=at,
        noted=True,
    )  # fmt: skip


def _put(delivery: Delivery) -> None:
    outbox.queue([delivery])


def stranger(user: str) -> str:
    said = {"user": escaped(user)}
    return _("Your Slack account %(user)s belongs to nobody here. Ask an administrator to enter it among your ways to be reached.") % said  # fmt: skip
