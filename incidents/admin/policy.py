from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from incidents.models import RoleName, SeverityPolicy
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
        "respond_within",
        "resolve_within",
        "channels",
        "team",
        "update_every",
        "postmortem_due",
    ]
    list_select_related = ["team"]
    autocomplete_fields = ["team"]
    readonly_fields = ["severity"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "severity",
                    ("name_ko", "name_en"),
                    ("meaning_ko", "meaning_en"),
                    ("told_ko", "told_en"),
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
            {"fields": ["update_every", "public_impact", "postmortem_due"]},
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # four levels, no more

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
