from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from notifications.channel import Message
from notifications.links import answer_url
from notifications.models import Delivery

PARTS = ("subject", "text", "short", "spoken")


def render(delivery: Delivery) -> Message:
    """The delivery's facts in the recipient's language, in every form a channel may need."""
    link = answer_url(delivery)
    facts, localised = dict(delivery.context), delivery.context.get("localised", {})
    facts.pop("localised", None)
    here = {"link": link, "recipient": delivery.recipient_name}
    context = facts | localised.get(delivery.language, {}) | here
    with translation.override(delivery.language):
        said = {part: _part(delivery.template, f"{part}.txt", context) for part in PARTS}
        html = _part(delivery.template, "mail.html", context)
    return Message(
        key=str(delivery.pk),
        **said,
        html=html,
        link=link,
        language=delivery.language,
        facts=facts | {"url": link},
        first_tried_at=delivery.created_at,
    )


def _part(template: str, part: str, context: dict[str, Any]) -> str:
    return render_to_string(f"messages/{template}/{part}", context).strip()
