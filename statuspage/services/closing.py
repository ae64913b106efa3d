"""What is over is said to be over, also when nobody gets round to saying it."""

from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.lifecycle import Status
from statuspage.domain.phases import Phase
from statuspage.models import Notice, Page
from statuspage.services.saying import Words, say

BATCH: Final = 100


def close_due(*, at: datetime) -> int:
    """Notices whose incident has been resolved for as long as the page's setting says; never twice."""
    page = Page.objects.first()
    if page is None or page.closes_after is None:
        return 0
    due = Notice.objects.public().going_on().filter(
        incident__status=Status.RESOLVED, incident__merged_into=None,
        incident__resolved_at__lte=at - page.closes_after,
    )  # fmt: skip
    return sum(_close(one, at=at) for one in due[:BATCH])


def _close(notice: Notice, *, at: datetime) -> bool:
    words = Words(Phase.RESOLVED, _said("ko"), _said("en"), unless=notice.updated_at)
    try:
        say(notice, words, by=None, at=at)
    except Refused:
        return False  # a person was faster
    return True


def _said(language: str) -> str:
    with translation.override(language):
        return _("This is resolved. Everything works again.")
