from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.bilingual import in_language
from core.errors import Refused
from statuspage.domain.placeholders import COMPONENTS, filled
from statuspage.models import Notice, Prepared, Update
from statuspage.services.saying import Words, say
from teams.models import User

TYPED: Final = ("title_ko", "title_en", "impact_override", "draft_ko", "draft_en")


def prepared(words: Prepared, notice: Notice) -> dict[str, str]:
    """These words as a draft of this notice; nothing is kept yet."""
    names = [one.component for one in notice.affected.select_related("component")]

    def of(text: str, language: str) -> str:
        known = ", ".join(in_language(one.name_ko, one.name_en, language) for one in names)
        return filled(text, {COMPONENTS: known})

    return {
        "phase": words.phase,
        "draft_ko": of(words.body_ko, "ko"),
        "draft_en": of(words.body_en, "en"),
    }


class Overtaken(Refused):
    """Somebody else has written meanwhile; what was typed is not lost, it was not taken."""


def keep(notice: Notice, typed: dict[str, Any], *, seen: str) -> None:
    """What is written so far, for whoever opens it next; customers see none of it. Raises `Refused`."""
    if not (typed["title_ko"].strip() or typed["title_en"].strip()):
        raise Refused(_("A title is needed."))
    with transaction.atomic():
        held = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
        if held.updated_at.isoformat() != seen:
            raise Overtaken(
                _("Somebody else has changed this meanwhile. Look at it, then send yours.")
            )
        for name in TYPED:
            setattr(held, name, typed[name])
        held.save()
    notice.refresh_from_db()


def publish(
    notice: Notice, typed: dict[str, Any], words: Words, *, seen: str, by: User, at: datetime
) -> Update:
    """Both or none: the title as typed, and the words under it. Raises `Refused`."""
    with transaction.atomic():
        keep(notice, typed, seen=seen)
        return say(notice, words, by=by, at=at)
