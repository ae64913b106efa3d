"""Words on the incident's timeline and, where asked, to those who respond or as a draft for a stakeholder group.

`text` in both languages. `responders: true` tells whoever has a role quietly; `group` is the slug of a stakeholder
group, for which a `subject` is needed, and a person approves the draft as any other. Outside an incident it is only printed.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core import clock
from core.bilingual import in_language
from core.errors import Refused
from core.told import Told as _
from runbooks.domain.writing import Wrong, at, both, only, text
from runbooks.services import saying
from runbooks.step import Kind, Result, Work, steps


@steps.register("message")
class Message(Kind):
    label = gettext_lazy("Message")
    provable = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("text", "subject", "responders", "group"), "message")
        both(settings.get("text"), "text")
        if settings.get("responders", False) not in (True, False):
            raise Wrong(at("responders", _("true or false")))
        if "group" in settings:
            text(settings["group"], "group")
            both(settings.get("subject"), "subject")
        elif "subject" in settings:
            raise Wrong(at("subject", _("only beside a group, to which it is sent")))

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        to = [str(_("Timeline"))]
        to += [str(_("Responders"))] if settings.get("responders") else []
        to += [settings["group"]] if "group" in settings else []
        said = settings["text"]
        return f"{', '.join(to)} › {in_language(said['ko'], said['en'])}"

    def run(self, work: Work) -> Result:
        given = work.settings
        words = saying.Words(
            both(given["text"], "text"),
            both(given["subject"], "subject") if "subject" in given else None,
            group=str(given.get("group", "")),
            responders=given.get("responders") is True,
        )
        try:
            told = saying.say(work.run, work.key, words, at=clock.database_now())
        except Refused as refused:
            return Result.failed(refused)
        return Result.done(told, output=in_language(words.text.ko, words.text.en))
