from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from core import clock
from core.console import OnlyRead
from incidents.models import MessageState, MessageTemplate, StakeholderMessage, StakeholderRule
from incidents.models.stakeholders import HappenedName
from incidents.services.stakeholders.facts import newest, worded

STATE_COLOURS = {
    "draft": "warning", "approved": "info", "sent": "success", "failed": "danger",
}  # fmt: skip


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    events = forms.MultipleChoiceField(
        label=gettext_lazy("when"),
        choices=HappenedName,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = StakeholderRule
        fields = "__all__"  # noqa: DJ007 - the admin's list below names them


@admin.register(StakeholderRule)
class StakeholderRuleAdmin(ModelAdmin):
    form = RuleForm
    list_display = [
        "group",
        "told_when",
        "at_least",
        "customer_impact",
        "urgency",
        "template",
        "automatic",
        "second_person",
        "enabled",
    ]
    list_select_related = ["group", "template"]
    list_filter = ["group", "urgency", "automatic", "enabled"]
    search_fields = ["group__slug", "template__slug"]
    autocomplete_fields = ["group", "services", "template"]
    fields = [
        ("group", "enabled"),
        "events",
        ("at_least", "customer_impact"),
        "services",
        ("template", "urgency"),
        ("automatic", "second_person"),
    ]

    @display(description=gettext_lazy("when"))
    def told_when(self, rule: StakeholderRule) -> str:
        return ", ".join(str(HappenedName(event).label) for event in rule.events)


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ModelAdmin):
    list_display = ["slug", "name_ko", "name_en", "subject_ko"]
    search_fields = ["slug", "name_ko", "name_en"]
    readonly_fields = ["preview_ko", "preview_en"]
    fieldsets = [
        (None, {"fields": ["slug", ("name_ko", "name_en")]}),
        ("한국어", {"fields": ["subject_ko", "body_ko", "preview_ko"]}),
        ("English", {"fields": ["subject_en", "body_en", "preview_en"]}),
    ]

    @display(description=gettext_lazy("as it is sent, with the newest incident"))
    def preview_ko(self, template: MessageTemplate) -> SafeString:
        return _preview(template, "ko")

    @display(description=gettext_lazy("as it is sent, with the newest incident"))
    def preview_en(self, template: MessageTemplate) -> SafeString:
        return _preview(template, "en")


@admin.register(StakeholderMessage)
class StakeholderMessageAdmin(OnlyRead, ModelAdmin):
    """What was said to whom, and what waits: read here, decided on each incident's own page."""

    list_display = [
        "drafted_at", "incident", "group", "subject_ko", "urgency", "shown_state", "approved_by",
        "reached", "missed",
    ]  # fmt: skip
    list_select_related = ["incident", "group", "approved_by"]
    list_filter = ["state", "group", "urgency", "automatic"]
    search_fields = ["subject_ko", "subject_en", "=incident__number"]
    fields = [
        ("incident", "group"), ("event", "urgency"), "subject_ko", "body_ko", "subject_en", "body_en",
        ("shown_state", "automatic", "second_person"), ("drafted_at", "written_by"),
        ("approved_at", "approved_by"), ("goes_at", "finished_at"),
        ("recipients", "reached", "missed"),
    ]  # fmt: skip

    @display(description=gettext_lazy("state"), label=STATE_COLOURS, ordering="state")
    def shown_state(self, message: StakeholderMessage) -> tuple[str, str]:
        return message.state, str(MessageState(message.state).label)


def _preview(template: MessageTemplate, language: str) -> SafeString:
    if not template.pk:
        return SafeString("–")
    said = worded(template, newest(clock.now()))
    return format_html(
        '<div lang="{}"><strong>{}</strong><p style="white-space:pre-line">{}</p></div>',
        language,
        said[f"subject_{language}"],
        said[f"body_{language}"],
    )
