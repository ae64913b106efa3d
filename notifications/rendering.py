from typing import Final

from django.template.loader import render_to_string
from django.utils import translation

from notifications.channel import Message
from notifications.links import answer_url, keys_url, status_url
from notifications.models import Delivery

PAGE: Final = "page"  # the template that asks for an answer; others only tell


def render(delivery: Delivery) -> Message:
    """The delivery's facts in the recipient's language, in whatever form its channel needs."""
    asks = delivery.template == PAGE
    first = delivery.rewrites or delivery  # whose links and key stay valid when it is rewritten
    link = answer_url(first) if asks else str(delivery.context.get("link", ""))
    facts, localised = dict(delivery.context), delivery.context.get("localised", {})
    facts.pop("localised", None)
    here = {"link": link, "recipient": delivery.recipient_name}
    context = facts | localised.get(delivery.language, {}) | here

    def form(name: str) -> str:
        with translation.override(delivery.language):
            return render_to_string(f"messages/{delivery.template}/{name}", context).strip()

    return Message(
        key=str(first.pk),
        link=link,
        keys=keys_url(delivery) if asks else "",
        status=status_url(delivery),
        language=delivery.language,
        facts=facts | {"url": link},
        first_tried_at=delivery.created_at,
        form=form,
        instead_of=delivery.rewrites.provider_id if delivery.rewrites else "",
    )
