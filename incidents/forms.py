from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.moments import MomentField
from core.severity import CHOICES
from incidents.models import Incident
from teams.models import Service, User


class Moment(forms.DateTimeInput):
    """A date and time chosen in the browser, in the reader's zone."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        return f"{value:%Y-%m-%dT%H:%M:%S}" if isinstance(value, datetime) else value


class DeclareForm(forms.Form):
    DESCRIBES: ClassVar = ("title", "description", "services")  # what a severity is suggested from

    title = forms.CharField(label=_("What is broken?"), max_length=1024)
    severity = forms.ChoiceField(label=_("Severity"), choices=CHOICES)
    services = forms.ModelMultipleChoiceField(
        Service.objects.all(), label=_("Services"), required=False
    )
    description = forms.CharField(
        label=_("What do you see?"), max_length=10_000, required=False, widget=forms.Textarea
    )

    felt = forms.BooleanField(
        label=_("Customers feel it"),
        required=False,
        help_text=_("Also assumed where an affected service faces customers."),
    )
    drill = forms.BooleanField(
        label=_("This is a drill"),
        required=False,
        help_text=_(
            "People are paged as in earnest, and every message says that it is a drill. It counts in"
            " no figure, and nobody outside the team hears of it."
        ),
    )

    def unjudged(self) -> Self:
        """As it was filled in, without a word on what is missing."""
        filled = {name: self[name].data for name in self.fields}
        return type(self)(initial=filled)


class CorrectForm(forms.Form):
    """What changed since it was shown is kept, so that two who correct at once do not undo each other."""

    heading, button = _("Correct what is known"), _("Save")
    title = forms.CharField(label=_("What is broken?"), max_length=1024, show_hidden_initial=True)
    services = forms.ModelMultipleChoiceField(
        Service.objects.all(),
        label=_("Services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        show_hidden_initial=True,
    )
    description = forms.CharField(
        label=_("What do you see?"), max_length=10_000, required=False, widget=forms.Textarea,
        show_hidden_initial=True,
    )  # fmt: skip
    started_at = MomentField(
        label=_("When did it begin?"),
        required=False,
        widget=Moment,
        help_text=_("When it began to trouble, not when it was noticed."),
        show_hidden_initial=True,
    )

    def __init__(self, incident: Incident, data: QueryDict | None = None) -> None:
        known = {
            "title": incident.heading, "description": incident.details,
            "started_at": incident.started_at, "services": list(incident.services.all()),
        }  # fmt: skip
        super().__init__(data, initial=known)
        if incident.is_open:
            self.lede = _("Whoever owns a service you add is paged, if the escalation says so.")

    @property
    def services_seen(self) -> str:
        return self["services"].as_hidden(only_initial=True)

    def clean(self) -> dict[str, Any]:
        right = self.cleaned_data
        return {name: right[name] for name in self.changed_data if name in right}


class NoteForm(forms.Form):
    heading, button = _("Add note"), _("Add note")
    text = forms.CharField(label=_("Note"), max_length=10_000, widget=forms.Textarea)
    happened_at = MomentField(
        label=_("When did it happen?"),
        required=False,
        widget=Moment,
        help_text=_("Empty: just now."),
    )


DUE_IN = [
    ("", _("no time")), ("15", _("15 min")), ("30", _("30 min")), ("60", _("1 h")),
    ("120", _("2 h")), ("240", _("4 h")), ("1440", _("1 day")),
]  # fmt: skip


class NewTaskForm(forms.Form):
    heading, button = _("Add a task"), _("Add the task")
    text = forms.CharField(label=_("What is to be done?"), max_length=500)
    owner = forms.ModelChoiceField(
        User.objects.responders(), label=_("Owner"), required=False, empty_label=_("nobody yet")
    )
    due_in = forms.ChoiceField(label=_("Due in"), choices=DUE_IN, required=False)

    def clean(self) -> dict[str, Any]:
        """Chosen as a span, for nobody reckons with a clock at night; kept as a time."""
        said = {**self.cleaned_data}
        minutes = said.pop("due_in", "")
        said["due_at"] = clock.now() + timedelta(minutes=int(minutes)) if minutes else None
        return said


class TaskForm(forms.Form):
    heading, button = _("Change the task"), _("Save")
    text = forms.CharField(label=_("What is to be done?"), max_length=500)
    owner = forms.ModelChoiceField(
        User.objects.responders(), label=_("Owner"), required=False, empty_label=_("nobody yet")
    )
    due_at = MomentField(label=_("Due at"), required=False, widget=Moment)


class EvidenceForm(forms.Form):
    heading, button = _("Add evidence"), _("Keep the file")
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,  # said in the service's words
        help_text=_("An image, a PDF or text, at most 10 MB. It is checked by its content."),
    )

    def __init__(self, *said: Any, too_much: bool = False) -> None:
        super().__init__(*said)
        if too_much:  # it was not read, so it is not here
            self.fields["file"].error_messages["required"] = _("A file may have at most 10 MB.")

    def clean(self) -> dict[str, Any]:
        file = self.cleaned_data.get("file")
        return {"name": file.name, "body": file.read()} if file else {}


class OpenIncidentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none when it runs
    """Any other open incident, the newest first."""

    def __init__(self, **said: Any) -> None:
        super().__init__(Incident.objects.open().order_by("-number"), **said)

    def label_from_instance(self, incident: Incident) -> str:
        return f"#{incident.number} {incident.severity} {incident.heading[:80]}"


class MergeForm(forms.Form):
    heading, button = _("Merge as a duplicate"), _("Merge")
    warning = _(
        "Its alerts move to the other incident, pages on their way are withdrawn, and it ends as a"
        " duplicate. Both timelines stay."
    )
    into = OpenIncidentField(label=_("Into which incident?"))

    def __init__(self, number: int, *said: Any) -> None:
        super().__init__(*said)
        others(self.fields["into"], number)


class UnmergeForm(forms.Form):
    heading, button = _("Take apart again"), _("Take apart and reopen")
    warning = _(
        "Its alerts come back, it opens anew, and its team is paged, for it was called off."
    )


class MoveAlertForm(forms.Form):
    heading, button = _("Move the alert"), _("Move")
    to = OpenIncidentField(
        label=_("To which incident?"), required=False, empty_label=_("a new incident")
    )

    def __init__(self, number: int, *said: Any, warning: str = "") -> None:
        super().__init__(*said)
        self.lede = warning
        others(self.fields["to"], number)


def others(field: forms.Field, number: int) -> None:
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = Incident.objects.open().exclude(pk=number).order_by("-number")
        if field.required and not field.queryset.exists():
            field.empty_label = _("No other incident is open")


class RemovalForm(forms.Form):
    button = _("Remove for good")
    warning = _(
        "The content is gone for good, and nobody can bring it back. The timeline still says that it"
        " was there, with its hash."
    )

    def __init__(self, name: str) -> None:
        super().__init__()
        self.heading = gettext("Remove %(name)s?") % {"name": name}


class SeverityForm(forms.Form):
    severity = forms.ChoiceField(choices=CHOICES)
    reason = forms.CharField(max_length=1024, required=False)


class PinForm(forms.Form):
    seq = forms.IntegerField(min_value=1, max_value=2**31 - 1)
