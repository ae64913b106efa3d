"""What an incident did and how it was answered, as it is printed. What nobody knows stays blank."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from core.money import trx
from incidents.models import Incident
from postmortems.domain.report import Impact
from postmortems.models import Postmortem
from postmortems.responding import response
from postmortems.stages import STAGES


def impact(postmortem: Postmortem) -> Iterator[Impact]:
    incident = postmortem.incident
    took = (incident.resolved_at or incident.detected_at) - incident.detected_at
    yield Impact(label=_("Duration"), value=_words(took))
    yield from _by_service(postmortem)
    yield Impact(label=_("Users affected"), value=_number(postmortem.users_affected))
    yield Impact(label=_("Withdrawals delayed"), value=_number(postmortem.withdrawals_delayed))
    yield Impact(label=_("Revenue impact"), value=postmortem.revenue_impact)
    if postmortem.energy_spent is not None:
        yield Impact(label=_("Energy spent"), value=f"{postmortem.energy_spent:,}")
    if postmortem.trx_spent is not None:
        yield Impact(label=_("TRX spent"), value=trx(postmortem.trx_spent))


def _by_service(postmortem: Postmortem) -> Iterator[Impact]:
    """Of one of which nobody knows the end, how long it was is asked for."""
    zone = ZoneInfo(settings.TIME_ZONE)
    for one in postmortem.impacts.select_related("service"):
        began = timezone.localtime(one.began_at, zone)
        ended = timezone.localtime(one.ended_at, zone) if one.ended_at else None
        yield Impact(
            label=one.service.name,
            value=_words(ended - began) if ended else "",
            note=f"{began:%m-%d %H:%M}–" + (f"{ended:%m-%d %H:%M}" if ended else ""),
        )


def answered(incident: Incident) -> Iterator[Impact]:
    """Each stage with what was promised of it."""
    found = response(incident)
    for stage in found.stages:
        promised = _words(stage.target, most=1) if stage.target else ""
        yield Impact(
            label=str(STAGES[stage.key]),
            value=_words(stage.took) if stage.took is not None else "",
            note=_("target %(time)s") % {"time": promised} if promised else "",
            good=stage.kept,
        )
    if found.people:
        told = {"answered": found.answered, "paged": len(found.people)}
        yield Impact(
            label=_("Who answered"),
            value=_("%(answered)d of %(paged)d who were paged") % told,
            note=", ".join(one.name for one in found.people if one.after is not None),
        )


def _number(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def _words(span: timedelta, most: int = 2) -> str:
    return durations.words(span, language=get_language() or "ko", most=most)
