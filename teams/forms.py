from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.moments import MomentField
from core.zones import zone_choices
from teams.domain.addresses import fits, fits_person, tidy
from teams.domain.dependence import goes_in_circles
from teams.domain.roles import Action, Role
from teams.models import ContactMethod, Service, User
from teams.queries import dependences
from teams.rotations import Rotation
from teams.rules import MOST_WAIT, NotificationRule
from teams.stakeholders import Way

LOCAL = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Service
        fields: Sequence[str] = (
            "slug", "name_ko", "name_en", "owner", "customer_facing", "availability_target", "discovered", "depends_on",
        )  # fmt: skip

    def clean_depends_on(self) -> Any:
        below = self.cleaned_data["depends_on"]
        if self.instance.pk and goes_in_circles(
            self.instance.pk, [service.pk for service in below], dependences()
        ):
            raise forms.ValidationError(
                _("One of these depends on this service: nobody would be called for either.")
            )
        return below


class SpanForm(forms.Form):
    rotation = forms.ModelChoiceField(Rotation.objects.all(), label=_("Rotation"), empty_label=None)
    starts_at = MomentField(label=_("From"), widget=LOCAL)
    ends_at = MomentField(label=_("Until"), widget=LOCAL)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class OverrideForm(SpanForm):
    person = forms.ModelChoiceField(User.objects.none(), label=_("Who stands in"), empty_label=None)
    field_order = ("rotation", "person", "starts_at", "ends_at", "reason")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).exclude(role=Role.VIEWER)
        people = people if by.may(Action.COMMAND) else people.filter(pk=by.pk)
        field: Any = self.fields["person"]
        field.queryset = people.order_by("display_name", "username")
        field.label_from_instance = lambda person: person.name
        field.initial = by.pk


OWN: Final = [way for way in Way.choices if way[0] != Way.WEBHOOK]
SHOULD_BE: Final = {
    Way.VOICE: _("Write it with the country, such as +82 10 1234 5678."),
    Way.SMS: _("Write it with the country, such as +82 10 1234 5678."),
    Way.SLACK: _("Write your Slack member ID, such as U0123ABCD. Slack shows it in your profile."),
    Way.EMAIL: _("This is not an email address."),
    Way.WEBHOOK: _("This is not a web address."),
}


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A changed address is a new one: what was proved of the old one does not count for it."""

    channel = forms.ChoiceField(choices=Way.choices, label=_("channel"))

    class Meta:
        model = ContactMethod
        fields: Sequence[str] = ("channel", "address", "enabled")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        channel = data.get("channel", self.instance.channel)
        address = tidy(channel, data.get("address", ""))
        if channel and address and not self.accepts(channel, address):
            self.add_error("address", SHOULD_BE[channel])
        return data | {"address": address}

    def accepts(self, channel: str, address: str) -> bool:
        return fits(channel, address)

    def save(self, commit: bool = True) -> ContactMethod:
        now = {
            name: self.cleaned_data.get(name) for name in {"address", "channel"} & {*self.fields}
        }
        if any(
            value != self.initial.get(name) for name, value in now.items()
        ):  # tidied, not as typed
            self.instance.verified_at = None
        row: ContactMethod = super().save(commit)
        return row


class OwnContactForm(ContactForm):
    channel = forms.ChoiceField(choices=OWN, label=_("channel"))

    class Meta(ContactForm.Meta):
        fields = ("channel", "address")

    def accepts(self, channel: str, address: str) -> bool:
        return fits_person(channel, address)


class OwnAddressForm(OwnContactForm):
    """The channel of a way stays what it is."""

    channel = None  # type: ignore[assignment]  # Django's way to take a field away

    class Meta(ContactForm.Meta):
        fields = ("address",)


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    minutes = forms.IntegerField(
        label=_("after minutes"), min_value=0, max_value=MOST_WAIT, initial=0
    )
    # Not to be chosen, but there: a second rule for a channel is then told of, and no crash.
    user = forms.ModelChoiceField(User.objects.all(), widget=forms.HiddenInput, disabled=True)

    class Meta:
        model = NotificationRule
        fields: Sequence[str] = ("user", "grave", "channel", "minutes")
        widgets = {"grave": forms.Select}
        labels = {"grave": _("severity")}


class RestForm(forms.ModelForm):  # type: ignore[type-arg]
    """In which language somebody is paged, and when not to be woken by what can wait."""

    time_zone = forms.ChoiceField(label=_("time zone"), choices=zone_choices)

    class Meta:
        model = User
        fields: Sequence[str] = ("quiet_from", "quiet_to", "language", "time_zone")
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for name in ("quiet_from", "quiet_to")
        }
