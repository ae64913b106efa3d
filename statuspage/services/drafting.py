from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.bilingual import in_language
from core.errors import Refused
from statuspage import wording
from statuspage.domain.placeholders import BEGIN, COMPONENTS, END, TIMES, filled
from statuspage.models import Component, Notice, Page, Prepared, Update
from statuspage.services.saying import Words, say
from statuspage.services.weighing import Overtaken, override
from teams.models import User

TYPED: Final = ("title_ko", "title_en", "draft_ko", "draft_en")


def prepared(words: Prepared, notice: Notice) -> dict[str, str]:
    """These words as a draft of this notice; nothing is kept yet."""
    names = [one.component for one in notice.affected.select_related("component")]
    plan = Plan(names, notice.scheduled_for, notice.scheduled_until, unnamed=True)
    return {
        "phase": words.phase,
        "draft_ko": plan.put_into(words.body_ko, "ko"),
        "draft_en": plan.put_into(words.body_en, "en"),
    }


@dataclass(frozen=True)
class Plan:
    """What is known to put into gaps; a time that nobody has said yet leaves its gap open."""

    components: Iterable[Component]
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    unnamed: bool = False  # what is affected is known, also where it is nothing that has a name

    def put_into(self, text: str, language: str) -> str:
        names = (in_language(one.name_ko, one.name_en, language) for one in self.components)
        with translation.override(language):
            said = ", ".join(names) or (_("Some services") if self.unnamed else "")
            return filled(text, {COMPONENTS: said, **self._times()})

    def _times(self) -> dict[str, str]:
        zone, begin, end = Page.objects.get().time_zone, self.begins_at, self.ends_at
        found = {}
        if begin:
            found[BEGIN] = wording.time(begin, zone)
        if end:
            found[END] = wording.time(end, zone)
        if begin and end:
            found[TIMES] = wording.times(begin, end, zone)
        return found


def keep(notice: Notice, typed: dict[str, Any], *, seen: str, by: User, at: datetime) -> None:
    """What is written so far, for whoever opens it next; customers see none of it. Raises `Refused`."""
    if not (typed["title_ko"].strip() or typed["title_en"].strip()):
        raise Refused(_("A title is needed."))
    with transaction.atomic():
        held = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
        if held.updated_at.isoformat() != seen:
            raise Overtaken(
                _("Somebody else has changed this meanwhile. Look at it, then send yours.")
            )
        override(held, typed["impact_override"], by=by, at=at)
        for name in TYPED:
            setattr(held, name, typed[name])
        held.save()
    notice.refresh_from_db()


def publish(
    notice: Notice, typed: dict[str, Any], words: Words, *, seen: str, by: User, at: datetime
) -> Update:
    """Both or none: the title as typed, and the words under it. Raises `Refused`."""
    with transaction.atomic():
        keep(notice, typed, seen=seen, by=by, at=at)
        return say(notice, words, by=by, at=at)
