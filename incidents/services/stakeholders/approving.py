"""What people do with messages: write, change, approve, withdraw. Each is one compare-and-set."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from incidents.domain.stakeholders import Happened, goes_at
from incidents.domain.wording import tidy
from incidents.models import Incident, MessageState, StakeholderMessage, StakeholderRule
from incidents.models.messages import TEXTS
from incidents.services import timeline
from incidents.services.stakeholders.entries import entry, released
from incidents.services.stakeholders.occasions import TICK, happened
from incidents.services.timeline import Entry
from teams.models import User
from teams.stakeholders import StakeholderGroup


class Overtaken(Refused):
    """Somebody approved, withdrew or changed it meanwhile; `message` is fresh."""

    def __init__(self, message: StakeholderMessage) -> None:
        self.message = message
        if message.state == MessageState.DRAFT:
            said = _("Somebody changed the text meanwhile. Read it once more before it is sent.")
        else:
            state = MessageState(message.state).label
            said = _("This message is already: %(state)s.") % {"state": state}
        super().__init__(said)


def write(
    incident: Incident,
    group: StakeholderGroup,
    texts: Mapping[str, str],
    *,
    urgency: str,
    by: User,
    at: datetime,
) -> StakeholderMessage:
    """A person's own message; where a rule of the group asks for a second person, so does this."""
    if incident.drill:
        raise Refused(_("This is a drill: nobody outside the team hears of it."))
    asks = StakeholderRule.objects.filter(group=group, enabled=True, second_person=True)
    message = StakeholderMessage(
        incident=incident, group=group, urgency=urgency, external=group.is_external,
        second_person=asks.exists(), drafted_at=at, written_by=by, **_whole(texts),
    )  # fmt: skip
    with transaction.atomic():
        held = _held(message)
        message.save(force_insert=True)
        timeline.append(held, entry("drafted", message, at, by=by))
    return message


def revise(
    message: StakeholderMessage, texts: Mapping[str, str], *, version: int, by: User
) -> None:
    said = _whole(texts)
    if said == message.texts and version == message.version:
        return
    with transaction.atomic():
        _held(message)
        _move(message, version, written_by=by, **said)


def approve(
    message: StakeholderMessage,
    *,
    version: int,
    by: User,
    at: datetime,
    texts: Mapping[str, str] | None = None,
) -> None:
    """It goes out as the approver saw it: `version` and `texts` are what was on the screen."""
    said = _whole(texts or message.texts)
    fields: dict[str, Any] = {} if said == message.texts else {"written_by": by, **said}
    writer = fields.get("written_by", message.written_by)
    if message.second_person and writer == by:
        raise Refused(_("You wrote or changed this text: somebody else approves it."))
    released_at = {"approved_at": at, "goes_at": goes_at(message.urgency, at=at)}
    with transaction.atomic():
        incident = _held(message)
        if not incident.is_open and message.event not in {"", Happened.RESOLVED}:
            raise Refused(_("The incident is over: this message would say that it goes on."))
        _move(
            message, version, state=MessageState.APPROVED, approved_by=by, **released_at, **fields
        )
        timeline.append(incident, released(message, at, by))
        nudge(TICK)


def withdraw(message: StakeholderMessage, *, version: int, by: User, at: datetime) -> None:
    with transaction.atomic():
        incident = _held(message)
        _move(message, version, state=MessageState.WITHDRAWN)
        timeline.append(incident, entry("withdrawn", message, at, by=by))


def customer_impact(incident: Incident, felt: bool, *, by: User | None, at: datetime) -> None:
    """Whether customers feel it: a person knows better than the list of services."""
    with transaction.atomic():
        other = Incident.objects.filter(pk=incident.pk, customer_impact=not felt)
        if not other.update(customer_impact=felt):
            return
        incident.customer_impact = felt
        timeline.append(incident, Entry("customer_impact", at, by=by, data={"felt": felt}))
        happened([incident], Happened.IMPACT, at=at)


def _held(message: StakeholderMessage) -> Incident:
    """The rules work under the same lock: neither overwrites the other."""
    return Incident.objects.select_for_update().get(pk=message.incident_id)


def _move(message: StakeholderMessage, version: int, **fields: Any) -> None:
    """Only a draft, and only the version that was looked at."""
    fields["version"] = version + 1
    seen = StakeholderMessage.objects.drafts().filter(pk=message.pk, version=version)
    if not seen.update(**fields):
        message.refresh_from_db()
        raise Overtaken(message)
    for name, value in fields.items():
        setattr(message, name, value)


def _whole(texts: Mapping[str, str]) -> dict[str, str]:
    """Every language has its words: half a message would reach half the people."""
    said = {name: tidy(texts.get(name, "")) for name in TEXTS}
    if not all(said.values()):
        raise Refused(_("A message needs a subject and a text in both languages."))
    if any(len(said[f"subject_{language}"]) > 300 for language in ("ko", "en")):
        raise Refused(_("A subject has at most 300 characters."))
    return said
