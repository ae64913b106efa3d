"""What the machine tells people of ours by itself, in its own words: nobody has to approve it."""

from collections.abc import Mapping
from datetime import datetime

from core.nudge import nudge
from incidents.domain.stakeholders import goes_at
from incidents.models import Incident, MessageState, StakeholderMessage
from incidents.services import timeline
from incidents.services.stakeholders.entries import released
from incidents.services.stakeholders.occasions import TICK
from teams.stakeholders import StakeholderGroup


def announce(
    incident: Incident, slug: str, texts: Mapping[str, str], *, urgency: str, at: datetime
) -> StakeholderMessage | None:
    """The caller has locked the incident's row. None: there is no such group, or it is not ours.

    Nobody outside the team hears of a drill.
    """
    group = StakeholderGroup.objects.filter(slug=slug).first()
    if group is None or group.is_external or incident.drill:
        return None
    message = StakeholderMessage(
        incident=incident, group=group, urgency=urgency, automatic=True,
        state=MessageState.APPROVED, drafted_at=at, approved_at=at,
        goes_at=goes_at(urgency, at=at), **texts,
    )  # fmt: skip
    message.save(force_insert=True)
    timeline.append(incident, released(message, at))
    nudge(TICK)
    return message
