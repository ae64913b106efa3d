"""Words the tests of stakeholder messages share."""

from datetime import datetime

from incidents.models import Incident, StakeholderMessage
from incidents.models.messages import TEXTS
from incidents.services import stakeholders
from notifications.models import Delivery, State
from teams.stakeholders import StakeholderGroup

MINE = dict.fromkeys(TEXTS, "직접 쓴 글")


def tell(at: datetime) -> None:
    """One round of the tick."""
    while stakeholders.draft_due(at=at):
        pass
    while stakeholders.send_due(at=at):
        pass
    while stakeholders.note_receipts(at=at):
        pass


def messages(incident: Incident, **query: str) -> dict[str, str]:
    """Group → state, of the messages about this incident."""
    rows = StakeholderMessage.objects.filter(incident=incident, **query).order_by("drafted_at")
    return dict(rows.values_list("group__slug", "state"))


def message(incident: Incident, group: str, **query: str) -> StakeholderMessage:
    found = StakeholderMessage.objects.select_related("group", "incident")
    return found.get(incident=incident, group__slug=group, **query)


def group(slug: str) -> StakeholderGroup:
    return StakeholderGroup.objects.get(slug=slug)


def deliveries(message: StakeholderMessage) -> set[tuple[str, str]]:
    """(who, by which channel)."""
    message.refresh_from_db()
    rows = Delivery.objects.about(message.topic)
    return set(rows.values_list("recipient_name", "channel"))


def handed_over(message: StakeholderMessage, at: datetime) -> None:
    """As if the outbox had sent them all."""
    message.refresh_from_db()
    Delivery.objects.about(message.topic).update(state=State.SENT, sent_at=at)
