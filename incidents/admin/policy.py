from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from core.console import lasting
from incidents.models import RoleName, SeverityPolicy
from incidents.screens.told import told
from notifications.registry import channels


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    required_roles = forms.MultipleChoiceField(
        label=gettext_lazy("required roles"),
        choices=RoleName,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("The room shows which of them nobody holds yet."),
    )

    class Meta:
        model = SeverityPolicy
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets name them

    def clean_channels(self) -> list[str]:
        """A channel that does not exist would page nobody, without a word."""
        asked: list[str] = self.cleaned_data["channels"]
        if unknown := [name for name in asked if name not in channels]:
            said = _("There is no channel called %(name)s.") % {"name": ", ".join(unknown)}
            raise forms.ValidationError(said)
        return asked


@admin.register(SeverityPolicy)
class SeverityPolicyAdmin(ModelAdmin):
    form = PolicyForm
    list_display = [
        "severity",
        "name_ko",
        "name_en",
        lasting("respond_within", gettext_lazy("respond within")),
        lasting("resolve_within", gettext_lazy("resolve within")),
        "channels",
        "team",
        lasting("update_every", gettext_lazy("update stakeholders every")),
        lasting("postmortem_due", gettext_lazy("postmortem due within")),
    ]
    list_select_related = ["team"]
    autocomplete_fields = ["team"]
    readonly_fields = ["severity", "told"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "severity",
                    ("name_ko", "name_en"),
                    ("meaning_ko", "meaning_en"),
                    ("examples_ko", "examples_en"),
                ]
            },
        ),
        (gettext_lazy("Clocks"), {"fields": ["respond_within", "resolve_within", "warn_at"]}),
        (
            gettext_lazy("People"),
            {"fields": ["team", "channels", "escalation", "required_roles", "assembles"]},
        ),
        (
            gettext_lazy("What is told, and what follows"),
            {
                "fields": [
                    "told",
                    "tells_leaders",
                    "update_every",
                    "public_impact",
                    "postmortem_due",
                ]
            },
        ),
    ]

    @admin.display(description=gettext_lazy("who else is told"))
    def told(self, policy: SeverityPolicy) -> SafeString:
        """What the rules make of it: they are changed there."""
        heard = told([policy])[policy.severity]
        perhaps = _("depending on what is affected: %(names)s") % {"names": heard.perhaps}
        return format_html(
            '{}<br>{}<br><a href="{}">{}</a>',
            heard.always or _("nobody"), perhaps if heard.perhaps else "",
            reverse("admin:incidents_stakeholderrule_changelist"), _("Stakeholder rules"),
        )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # four levels, no more

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
