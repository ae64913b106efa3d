import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from integrations import web_push
from integrations.web_push import Browser
from statuspage.domain.addresses import (
    LONGEST_URL,
    endpoint,
    normalised,
    phone,
    push_endpoint,
    slack_hook,
)
from statuspage.domain.choosing import Choice
from statuspage.domain.snapshot import Snapshot, Text
from statuspage.domain.states import Impact
from statuspage.models import Component, Group, Least, Shape, Subscriber, Way
from statuspage.services.subscribing import Wish


@dataclass(frozen=True)
class Pick:
    """A group, or what stands in none (`id` empty), and its components, as the form lists them."""

    id: str
    name: Text
    components: list[tuple[str, Text]]


def picks_of(snapshot: Snapshot) -> list[Pick]:
    groups: list[tuple[str | None, Text]] = [(one["id"], one["name"]) for one in snapshot["groups"]]
    found = [
        Pick(
            key or "", name,
            [(one["id"], one["name"]) for one in snapshot["components"] if one["group"] == key],
        )
        for key, name in [*groups, (None, {})]
    ]  # fmt: skip
    return [one for one in found if one.components]


def picks() -> list[Pick]:
    members: dict[int | None, list[tuple[str, Text]]] = {}
    for one in Component.objects.all():
        members.setdefault(one.group_id, []).append((one.public_id, _text(one)))
    rows = [(one.pk, one.public_id, _text(one)) for one in Group.objects.all()]
    return [
        Pick(public, name, members[key])
        for key, public, name in [*rows, (None, "", {})]
        if key in members
    ]


def _text(one: Component | Group) -> Text:
    return {"ko": one.name_ko, "en": one.name_en}


def ways_offered() -> dict[str, Any]:
    """What the form asks for; texts only where somebody pays for them."""
    texts = bool(settings.STATUS_TEXTS_TO)
    ways = [one for one in Way.choices if texts or one[0] != Way.SMS]
    return {"texts": texts, "ways": ways, "push_key": web_push.public_key()}


class ChoiceForm(forms.Form):
    """What they want to hear of. The public page writes its own fields: it is a file."""

    components = forms.ModelMultipleChoiceField(
        Component.objects.all(), to_field_name="public_id", required=False
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.all(), to_field_name="public_id", required=False
    )
    incidents = forms.BooleanField(required=False)
    maintenance = forms.BooleanField(required=False)
    minimum = forms.ChoiceField(choices=Least, required=False)
    quiet = forms.BooleanField(required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not (said.get("incidents") or said.get("maintenance")):
            raise forms.ValidationError(_("Choose incidents, maintenance, or both."))
        return said

    def choice(self) -> Choice:
        said = self.cleaned_data
        return Choice(
            frozenset(one.pk for one in said["components"]),
            frozenset(one.pk for one in said["groups"]),
            Impact(said["minimum"] or Impact.NONE),
            said["incidents"], said["maintenance"], said["quiet"],
        )  # fmt: skip

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"] or settings.LANGUAGE_CODE)


class SubscribeForm(ChoiceForm):
    way = forms.ChoiceField(choices=Way, required=False)
    address = forms.CharField(max_length=320, required=False)
    phone = forms.CharField(max_length=40, required=False)
    slack = forms.CharField(max_length=LONGEST_URL, required=False)
    push = forms.CharField(max_length=2000, required=False)  # `PushSubscription.toJSON()`
    endpoint = forms.CharField(max_length=LONGEST_URL, required=False)
    shape = forms.ChoiceField(choices=Shape, required=False)

    def clean_endpoint(self) -> str:
        typed = self.cleaned_data["endpoint"]
        found = endpoint(typed, also=settings.OUTBOUND_ALLOW) if self.by == Way.WEBHOOK else ""
        if found is None:
            raise forms.ValidationError(_("The endpoint must be https, at port 443 or 8443."))
        return found

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"]
        found = normalised(typed) if self.by.has_mailbox else ""
        if found is None:
            raise forms.ValidationError(_("This is no mail address."))
        return found

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        found = phone(typed, within=settings.STATUS_TEXTS_TO) if self.by == Way.SMS else ""
        if found is None:
            raise forms.ValidationError(_("This is no mobile number that we can text to."))
        return found

    def clean_slack(self) -> str:
        typed = self.cleaned_data["slack"]
        found = slack_hook(typed, settings.SLACK_HOOKS) if self.by == Way.SLACK else ""
        if found is None:
            raise forms.ValidationError(_("This is no incoming webhook of Slack's."))
        return found

    def clean_push(self) -> Browser | None:
        if self.by != Way.PUSH:
            return None
        try:
            found = _browser(json.loads(self.cleaned_data["push"]))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise forms.ValidationError(_("This browser takes no notifications.")) from error
        return found

    @property
    def by(self) -> Way:
        """Forms of other people's pages may name none."""
        named = self.cleaned_data.get("way")
        return Way(named or (Way.WEBHOOK if self.data.get("endpoint") else Way.EMAIL))

    def wish(self) -> Wish:
        said = self.cleaned_data
        choice, language = self.choice(), said["language"]
        match self.by:
            case (
                Way.SMS
            ):  # a text costs, and rings: the beginning and the end, until they want more
                return Wish(said["phone"], replace(choice, quiet=True), language, Way.SMS)
            case Way.SLACK:
                return Wish(said["slack"], choice, language, Way.SLACK)
            case Way.PUSH:
                keys = f"{said['push'].p256dh} {said['push'].auth}"
                return Wish(said["push"].endpoint, choice, language, Way.PUSH, push_keys=keys)
            case Way.WEBHOOK:
                shape = Shape(said["shape"] or Shape.STANDARD)
                url = said["endpoint"]
                return Wish(url, choice, language, Way.WEBHOOK, said["address"], shape)
        return Wish(said["address"], choice, language)


def _browser(said: dict[str, Any]) -> Browser:
    """Raises what a stranger's JSON makes it raise."""
    url = push_endpoint(said["endpoint"], settings.PUSH_HOSTS, also=settings.OUTBOUND_ALLOW)
    if url is None:
        raise ValueError(said["endpoint"])
    found = Browser(url, said["keys"]["p256dh"], said["keys"]["auth"])
    web_push.public_of(found.p256dh)
    if len(web_push.decode(found.auth)) != web_push.SECRET:
        raise ValueError("the secret is none")
    return found


def chosen(one: Subscriber) -> dict[str, Any]:
    """What the form shows of a subscriber."""
    return {
        "ids": {*_ids(Component, one.components), *_ids(Group, one.groups)},
        "minimum": one.minimum,
        "incidents": one.incidents,
        "maintenance": one.maintenance,
        "quiet": one.quiet,
        "language": one.language,
    }


def _ids(kind: type[Component] | type[Group], keys: Iterable[int]) -> Iterable[str]:
    return kind.objects.filter(pk__in=keys).values_list("public_id", flat=True)


BEGINNING: dict[str, Any] = {
    "ids": set(), "minimum": Impact.NONE, "incidents": True, "maintenance": True, "quiet": False,
}  # fmt: skip
