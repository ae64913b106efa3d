"""A question to whoever is in charge: the run waits for the answer, which the steps after it can use."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.bilingual import in_language
from core.told import Told as _
from runbooks.domain.writing import Wrong, at, both, only, storable, words
from runbooks.step import Came, Kind, Result, Work, steps

LONGEST: Final = 2_000


@steps.register("ask")
class Ask(Kind):
    """`choices`: one of these words; else any text. `stops_at`: the choices after which the run stops."""

    label = gettext_lazy("Question")

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("question", "choices", "stops_at"), "ask")
        both(settings.get("question"), "question")
        choices = words(settings.get("choices", []), "choices")
        if set(words(settings.get("stops_at", []), "stops_at")) - set(choices):
            raise Wrong(at("stops_at", _("some of the choices")))

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        question = settings["question"]
        return in_language(question["ko"], question["en"])

    def run(self, work: Work) -> Result:
        return Result(Came.ASKS)

    def answered(self, work: Work, answer: Mapping[str, Any]) -> Result:
        said = str(answer.get("answer", "")).strip()
        choices = work.settings.get("choices", [])
        unfit = not said or len(said) > LONGEST or not storable(said)
        if unfit or (choices and said not in choices):
            raise Wrong(_("An answer is needed."))
        if said in work.settings.get("stops_at", []):
            return Result.failed(said, facts={"answer": said})
        return Result.done(said, facts={"answer": said})
