from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidents.services.policies import leader
from notifications.models import Delivery, Lane
from teams.models import User


def quietly(
    person: User | None, topic: str, step: str, template: str, context: Mapping[str, Any], *,
    at: datetime,
) -> list[Delivery]:  # fmt: skip
    """One to somebody who leads, by Slack or else by mail; none while there is nobody, or no way to them."""
    way = leader(person) if person and person.is_active else None
    if way is None:
        return []
    return [
        Delivery(
            lane=Lane.NOTICE, topic=topic, step=step, recipient_id=way.user_id,
            recipient_name=way.name, language=way.language, channel=way.channel,
            address=way.address, template=template, context=dict(context), created_at=at, due_at=at,
        )
    ]  # fmt: skip
