"""The past as somebody types it: an incident that was never told, or the times of one that was."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.moments import MomentField
from monitoring.forms import moment_input
from statuspage.domain.backfill import Spell, Word
from statuspage.domain.effects import Effect
from statuspage.domain.phases import Kind, Phase, sayable
from statuspage.domain.states import State
from statuspage.forms import kept_seconds
from statuspage.models import Component, ImpactName, Notice, PhaseName, StateName
from statuspage.models.public import new_name
from statuspage.services import Past, Times, Unfit, recorded
from statuspage.services.backfilling import WRONG

LINES: Final = 60
STATES: Final = [
    one for one in StateName.choices if one[0] not in {State.OPERATIONAL, State.UNKNOWN}
]
PHASES: Final = [
    (one.value, PhaseName(one).label) for one in sayable(Phase.RESOLVED, Kind.INCIDENT)
]
WHY: Final = _("Customers read it beside a month that is closed.")


class SpellForm(forms.Form):
    interval = forms.IntegerField(required=False, widget=forms.HiddenInput)
    component = forms.ModelChoiceField(
        Component.objects.all(), label=_("component"), to_field_name="public_id"
    )
    state = forms.ChoiceField(label=_("state"), choices=STATES, initial=State.MAJOR)
    began_at = MomentField(label=_("From"), widget=moment_input())
    ended_at = MomentField(label=_("Until"), widget=moment_input())

    def spell(self) -> Spell:
        said = self.cleaned_data
        return Spell(
            said["component"].public_id, State(said["state"]),
            kept_seconds(self.initial.get("began_at"), said["began_at"]),
            kept_seconds(self.initial.get("ended_at"), said["ended_at"]),
        )  # fmt: skip


class WordForm(forms.Form):
    at = MomentField(label=_("at"), widget=moment_input())
    phase = forms.ChoiceField(label=_("phase"), choices=PHASES)
    body_ko = forms.CharField(
        label=_("text (Korean)"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    body_en = forms.CharField(
        label=_("text (English)"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def word(self) -> Word:
        said = self.cleaned_data
        return Word(said["at"], Phase(said["phase"]), said["body_ko"], said["body_en"])


class Lines(BaseFormSet):  # type: ignore[type-arg]
    @property
    def filled(self) -> list[Any]:
        """A blank line says nothing."""
        gone = self.deleted_forms if self.can_delete else []
        return [
            one for place, one in enumerate(self.forms)
            if one not in gone and (one.has_changed() or place < self.initial_form_count())
        ]  # fmt: skip


class WordLines(Lines):
    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """The last line of an empty form is how it ended."""
        first = Phase.INVESTIGATING if index == 0 else Phase.RESOLVED
        return {**super().get_form_kwargs(index), "initial": {"phase": first}}


def _lines(form: type[forms.Form], kind: type[Lines], **how: Any) -> type[Any]:
    return formset_factory(
        form, formset=kind, max_num=LINES, absolute_max=LINES, validate_max=True, **how
    )


SpellLines = _lines(SpellForm, Lines, extra=2)
RecordedLines = _lines(SpellForm, Lines, extra=1, can_delete=True)
WordsLines = _lines(WordForm, WordLines, extra=2)


class PastForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, validators=[RegexValidator(r"^[a-z0-9]{12}$")])
    title_ko = forms.CharField(label=_("title (Korean)"), max_length=255, required=False)
    title_en = forms.CharField(label=_("title (English)"), max_length=255, required=False)
    impact_override = forms.ChoiceField(
        label=_("impact, said by a person"), choices=[("", _("as it follows from the components")), *ImpactName.choices],
        required=False,
    )  # fmt: skip
    why_ko = forms.CharField(
        label=_("why (Korean)"), max_length=2000, required=False, help_text=WHY
    )
    why_en = forms.CharField(
        label=_("why (English)"), max_length=2000, required=False, help_text=WHY
    )


class TimesForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput)
    began_at = MomentField(label=_("began at"), widget=moment_input())
    ended_at = MomentField(label=_("over at"), widget=moment_input())
    why_ko = forms.CharField(
        label=_("why (Korean)"), max_length=2000, required=False, help_text=WHY
    )
    why_en = forms.CharField(
        label=_("why (English)"), max_length=2000, required=False, help_text=WHY
    )


class TakeBackForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput)
    why_ko = forms.CharField(
        label=_("why (Korean)"), max_length=2000, required=False, help_text=WHY
    )
    why_en = forms.CharField(
        label=_("why (English)"), max_length=2000, required=False, help_text=WHY
    )


class Desk:
    """A form and its lines, as one."""

    form: forms.Form
    spells: Any
    words: Any = None

    @property
    def parts(self) -> list[Any]:
        return [one for one in (self.form, self.spells, self.words) if one is not None]

    def is_valid(self) -> bool:
        checked = [one.is_valid() for one in self.parts]  # each, so that all errors are seen
        return all(checked)

    @property
    def is_wrong(self) -> bool:
        return bool(self.form.errors) or any(one.total_error_count() for one in self.parts[1:])

    def attach(self, unfit: Unfit) -> None:
        """Each word of what is wrong beside the line that it is about."""
        for one in unfit.found:
            place: forms.Form = self.form
            if one.spell is not None:
                place = self.spells.filled[one.spell]
            elif one.word is not None:
                place = self.words.filled[one.word]
            place.add_error(None, str(WRONG[one.fault]))


class PastDesk(Desk):
    def __init__(self, data: QueryDict | None) -> None:
        self.form = PastForm(data, initial={"key": new_name()})
        self.spells = SpellLines(data, prefix="spells")
        self.words = WordsLines(data, prefix="words")

    def past(self) -> Past:
        said = {name: value for name, value in self.form.cleaned_data.items() if name != "key"}
        return Past(
            spells=[one.spell() for one in self.spells.filled],
            words=[one.word() for one in self.words.filled],
            **said,
        )


class TimesDesk(Desk):
    def __init__(self, data: QueryDict | None, notice: Notice) -> None:
        self.notice = notice
        rows = recorded(notice)
        self.form = TimesForm(
            data,
            initial={
                "seen": notice.updated_at.isoformat(),
                "began_at": notice.started_at, "ended_at": notice.resolved_at,
            },
        )  # fmt: skip
        initial = [_typed(key, one) for key, one in rows.items()]
        self.spells = RecordedLines(data, prefix="spells", initial=initial)

    def times(self) -> Times:
        said, notice = self.form.cleaned_data, self.notice
        rows = [(one.cleaned_data["interval"], one.spell()) for one in self.spells.filled]
        return Times(
            kept_seconds(notice.started_at, said["began_at"]),
            kept_seconds(notice.resolved_at, said["ended_at"]),
            {key: spell for key, spell in rows if key},
            [spell for key, spell in rows if not key],
            said["why_ko"], said["why_en"],
        )  # fmt: skip


def _typed(key: int, one: Spell) -> dict[str, Any]:
    return {
        "interval": key, "component": one.component, "state": one.state,
        "began_at": one.began_at, "ended_at": one.ended_at,
    }  # fmt: skip


def grown(data: QueryDict, prefix: str) -> QueryDict:
    """With another blank line."""
    name, longer = f"{prefix}-TOTAL_FORMS", data.copy()
    if (count := data.get(name, "")).isdecimal():
        longer[name] = str(min(int(count[:3]) + 1, LINES))
    return longer


def agreed(past: Past | Times, effects: Iterable[Effect]) -> str:
    """Of what somebody has looked at: another when they type something else, or the record has changed."""
    shown: Sequence[Any] = [past, *map(astuple, effects)]
    return sha256(repr(shown).encode()).hexdigest()
