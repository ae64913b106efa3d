"""What readers of the page think of how an incident was handled."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from core.errors import Refused
from statuspage.domain.phases import Kind
from statuspage.models import Notice, Rating
from statuspage.services.limiting import network_of
from statuspage.tokens import digest

OPEN: Final = timedelta(days=30)  # after its end; later nobody remembers
MOST: Final = 20_000  # voices about one incident: nobody drowns the others, or the disk


def ratable(notice: Notice, *, at: datetime) -> bool:
    over = notice.resolved_at
    told = notice.published_at is not None and notice.merged_into_id is None
    return told and notice.kind == Kind.INCIDENT and over is not None and at < over + OPEN


def rate(
    notice: Notice,
    score: int,
    comment: str,
    *,
    client: str,
    agent: str,
    language: str,
    at: datetime,
) -> None:
    if not ratable(notice, at=at):
        raise Refused(_("This can be rated from its end on, for thirty days."))
    voices = Rating.objects.filter(notice=notice)
    voter = digest(f"rating {network_of(client)} {agent}")
    said = {"score": score, "comment": comment, "language": language, "at": at}
    if voices.count() >= MOST and not voices.filter(voter=voter).exists():
        raise Refused(_("Thank you. So many have answered that we know enough."))
    Rating.objects.update_or_create(notice=notice, voter=voter, defaults=said)
