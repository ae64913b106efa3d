from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import Refused
from incidents.models import Incident
from postmortems import facts
from postmortems.domain.actions import proposals
from postmortems.models import ActionItem, Moment, Postmortem, ServiceImpact
from postmortems.services.keeping import content_of, keep
from postmortems.services.suggesting import suggest
from teams.models import User

# The domain's words, here for the translators: its rules know no framework.
ACTION_TEXTS: Final = [
    gettext_noop("Improve monitoring alerts"),
    gettext_noop("Improve documentation"),
    gettext_noop("Improve architecture"),
]


def draft(incident: Incident, *, by: User | None, at: datetime) -> Postmortem:
    """The postmortem of a resolved incident; facts filled in, judgement left open. Once per incident."""
    if incident.is_open:
        raise Refused(_("A postmortem begins when the incident is resolved."))
    with transaction.atomic():
        language = by.language if by else settings.LANGUAGE_CODE
        postmortem, is_new = Postmortem.objects.get_or_create(
            incident=incident,
            defaults={
                "language": language,
                "owner": incident.commander or by,
                "author": by,
                "created_at": at,
                "updated_at": at,
                "drafted_of": incident.resolved_at,
                **facts.summaries(incident),
                **facts.spent(incident),
            },
        )
        if is_new:
            _fill_in(postmortem, at=at)
            keep(postmortem, content_of(postmortem), by=by, at=at)
    return postmortem


def _fill_in(postmortem: Postmortem, *, at: datetime) -> None:
    incident = postmortem.incident
    Moment.objects.bulk_create(
        Moment(postmortem=postmortem, seq=seq) for seq in facts.moments(incident)
    )
    ServiceImpact.objects.bulk_create(
        ServiceImpact(
            postmortem=postmortem,
            service=one.service,
            began_at=one.began_at,
            ended_at=one.ended_at,
        )
        for one in facts.affected(incident)
    )
    suggest(postmortem)
    with translation.override(postmortem.language):
        _propose_actions(postmortem, at=at)


def _propose_actions(postmortem: Postmortem, *, at: datetime) -> None:
    today = timezone.localtime(at).date()
    ActionItem.objects.bulk_create(
        ActionItem(
            postmortem=postmortem,
            kind=item.kind,
            description=_(item.text),
            owner=item.owner,
            due_date=item.due,
            priority=item.priority,
            suggested=True,
        )
        for item in proposals(postmortem.incident.severity, today=today)
    )
