from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ValidationError
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin, StackedInline
from unfold.widgets import UnfoldAdminTextInputWidget

from core import clock
from incidents.admin.running import outlook
from incidents.models import EscalationPolicy, EscalationStep
from incidents.services.publishing import apply_to_running, publish, reached
from teams.access import signed_in

CALLED = ("severity_team", "owners", "contact", "people", "teams", "rotations", "slack", "webhooks")


class Steps(BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            if said and not said.get("DELETE") and not any(said.get(name) for name in CALLED):
                raise ValidationError(
                    _("A step that calls nobody only wastes time: choose someone.")
                )


class StepInline(StackedInline):
    model = EscalationStep
    formset = Steps
    extra = 0
    min_num = 1
    validate_min = True
    autocomplete_fields = ["people", "teams", "rotations"]
    fields = [
        ("place", "wait"),
        ("severity_team", "owners", "contact"),
        ("rotations", "people", "teams"),
        ("slack", "webhooks"),
    ]
    formfield_overrides = {ArrayField: {"widget": UnfoldAdminTextInputWidget}}


@admin.register(EscalationPolicy)
class EscalationPolicyAdmin(ModelAdmin):
    """What is saved holds for incidents that open from now on; for running ones, on purpose."""

    list_display = ["slug", "name_ko", "name_en", "version", "repeats", "answers", "lasts"]
    list_select_related = ["current"]
    search_fields = ["slug", "name_ko", "name_en"]
    inlines = [StepInline]
    readonly_fields = ["running"]
    actions = ["apply"]

    @admin.display(description=gettext_lazy("running incidents"))
    def running(self, policy: EscalationPolicy) -> SafeString:
        return outlook(policy)

    @admin.display(description=gettext_lazy("version"))
    def version(self, policy: EscalationPolicy) -> str:
        return str(policy.current.number) if policy.current else "–"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        policy = form.instance
        publish(policy, by=signed_in(request), at=clock.now())
        if left := reached(policy).count():
            said = ngettext(
                "%(count)s running incident goes on as before, until you apply the new version to it.",
                "%(count)s running incidents go on as before, until you apply the new version to them.",
                left,
            )
            messages.warning(request, said % {"count": left})

    @admin.action(description=gettext_lazy("Apply the current version to running incidents"))
    def apply(self, request: HttpRequest, policies: QuerySet[EscalationPolicy]) -> None:
        by, at = signed_in(request), clock.now()
        count = sum(
            apply_to_running(policy, by=by, at=at) for policy in policies.select_related("current")
        )
        said = ngettext(
            "%(count)s running incident follows it now.",
            "%(count)s running incidents follow it now.",
            count,
        )
        messages.success(request, said % {"count": count})
