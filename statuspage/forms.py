from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.moments import MomentField
from monitoring.forms import moment_input
from statuspage.domain.phases import Kind, Phase, sayable
from statuspage.domain.states import State
from statuspage.models import Component, ImpactName, Notice, PhaseName, Prepared, StateName
from statuspage.services import Plan, Words, Work, plan_of

REMIND: Final = [
    (7 * 24 * 60, _("a week before")),
    (24 * 60, _("a day before")),
    (60, _("an hour before")),
]
PLANNED: Final = [field.name for field in fields(Work)]
SAID = [one for one in StateName.choices if one[0] != State.UNKNOWN]


# Of a title that there is in one language only.
INSTEAD: Final = {
    "ko": _("Empty: readers of Korean get the English one."),
    "en": _("Empty: readers of English get the Korean one."),
}


class NoticeForm(forms.ModelForm):  # type: ignore[type-arg]
    """What customers read next, and what is said of each component."""

    seen = forms.CharField(widget=forms.HiddenInput)
    phase = forms.ChoiceField(label=_("phase"))
    promise = forms.IntegerField(
        label=_("next update within (minutes)"),
        required=False,
        min_value=1,
        max_value=7 * 24 * 60,
        help_text=_("Customers read it. Empty: as the severity has it."),
    )
    told = forms.BooleanField(label=_("subscribers are told"), required=False, initial=True)

    class Meta:
        model = Notice
        fields = ["title_ko", "title_en", "impact_override", "draft_ko", "draft_en"]
        widgets = {
            "draft_ko": forms.Textarea(attrs={"rows": 4}),
            "draft_en": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, components: Iterable[Component], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notice: Notice = self.instance
        choices = _phases(notice)
        self.phases = [value for value, _label in choices]
        self.fields["phase"] = forms.ChoiceField(label=_("phase"), choices=choices)
        for name, instead in INSTEAD.items():
            self.fields[f"title_{name}"].help_text = instead
        self.fields["seen"].initial = notice.updated_at.isoformat()
        self.initial.setdefault("phase", notice.phase)
        derived = (("", _("as it follows from the components")), *ImpactName.choices)
        self.fields["impact_override"] = forms.ChoiceField(
            label=_("impact, said by a person"), choices=derived, required=False
        )
        said = dict(notice.affected.values_list("component", "state"))
        self.components = list(components)
        for one in self.components:
            self.fields[f"state_{one.pk}"] = forms.ChoiceField(
                label=one.name, choices=[("", _("not affected")), *SAID], required=False,
                initial=said.get(one.pk, ""),
            )  # fmt: skip

    @property
    def states(self) -> list[forms.BoundField]:
        return [self[f"state_{one.pk}"] for one in self.components]

    def words(self) -> Words:
        said = self.cleaned_data
        minutes = said["promise"]
        states = {
            one: State(said[f"state_{one.pk}"])
            for one in self.components
            if said[f"state_{one.pk}"]
        }
        changed = any(name.startswith("state_") for name in self.changed_data)
        return Words(
            Phase(said["phase"]), said["draft_ko"], said["draft_en"],
            states if changed else None, said["told"],
            timedelta(minutes=minutes) if minutes else None,
        )  # fmt: skip


class MaintenanceForm(forms.Form):
    title_ko = forms.CharField(label=_("title (Korean)"), max_length=200)
    title_en = forms.CharField(
        label=_("title (English)"), max_length=200, required=False, help_text=INSTEAD["en"]
    )
    starts_at = MomentField(label=_("From"), widget=moment_input())
    ends_at = MomentField(label=_("Until"), widget=moment_input())
    body_ko = forms.CharField(label=_("text (Korean)"), widget=forms.Textarea(attrs={"rows": 3}))
    body_en = forms.CharField(
        label=_("text (English)"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=INSTEAD["en"],
    )  # fmt: skip
    components = forms.ModelMultipleChoiceField(
        Component.objects.all(), label=_("components"), widget=forms.CheckboxSelectMultiple,
        help_text=_("They are shown as under maintenance meanwhile, and alerts of their services call nobody."),
    )  # fmt: skip
    remind = forms.TypedMultipleChoiceField(
        label=_("subscribers are reminded"), choices=REMIND, coerce=int, required=False,
        initial=[minutes for minutes, _words in REMIND[1:]], widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self["components"], self["remind"]]

    def begun_with(self, words: Prepared) -> dict[str, Any]:
        """What was typed so far, with these words; times and names that are known by now are put in."""
        self.is_valid()
        known = self.cleaned_data
        plan = Plan(known.get("components", ()), known.get("starts_at"), known.get("ends_at"))
        return {name: self[name].value() for name in self.fields} | {
            "body_ko": plan.put_into(words.body_ko, "ko"),
            "body_en": plan.put_into(words.body_en, "en"),
        }

    def work(self) -> Work:
        said = {name: self.cleaned_data[name] for name in PLANNED}
        return Work(**said)


class PlanForm(MaintenanceForm):
    """Of one that is announced: words are for whoever has more to say than what changed."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, notice: Notice, begun: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.planned = plan_of(notice)
        self.initial = vars(self.planned) | {"seen": notice.updated_at.isoformat()} | (begun or {})
        words = _("Empty: what changed is said by itself.")
        self.fields["body_ko"].required, self.fields["body_ko"].help_text = False, words
        if notice.phase != Phase.SCHEDULED:
            self.fields["starts_at"].disabled = True

    def work(self) -> Work:
        typed, planned = super().work(), self.planned
        return replace(
            typed,
            starts_at=kept_seconds(planned.starts_at, typed.starts_at),
            ends_at=kept_seconds(planned.ends_at, typed.ends_at),
        )


def kept_seconds(planned: datetime | None, typed: datetime) -> datetime:
    """A field knows minutes: what was not touched keeps its seconds."""
    if planned is None:
        return typed
    minutes = (one.replace(second=0, microsecond=0) for one in (planned, typed))
    return planned if len(set(minutes)) == 1 else typed


def _phases(notice: Notice) -> list[tuple[str, Any]]:
    last = Phase(notice.phase) if notice.published_at else None
    return [(one.value, PhaseName(one).label) for one in sayable(last, Kind(notice.kind))]
