"""Limits are set here; actions, approvals and halts are read here and decided in the portal."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from unfold.admin import ModelAdmin, TabularInline

from core.console import OnlyRead, lasting
from core.money import trx
from runbooks.console import GuardedForm, TwoPeople
from runbooks.models import Action, Approval, Halt, Limits, Loosening
from runbooks.queries import every_limit
from runbooks.registry import actions, label_of


class LimitsForm(GuardedForm):
    setting = "limits"

    class Meta:
        model = Limits
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Beside each amount in sun stands what it is in TRX."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            sun = getattr(self.instance, name, None)
            if name.endswith("_sun") and sun is not None:
                now = gettext("Now it is %(trx)s.") % {"trx": trx(sun)}
                field.help_text = f"{now} {field.help_text}".rstrip()


@admin.register(Limits)
class LimitsAdmin(TwoPeople, ModelAdmin):
    setting = "limits"
    form = LimitsForm
    list_display = [
        "__str__",
        "kind",
        "mode",
        "one_action",
        "one_day",
        "all_time",
        lasting("cooldown", gettext_lazy("pause between two")),
        lasting("valid_for", gettext_lazy("given up after")),
    ]
    readonly_fields = ["kind"]
    fieldsets = [
        (None, {"fields": ["kind", "mode"]}),
        (
            gettext_lazy("Caps"),
            {"fields": ["action_cap_sun", "day_cap_sun", "lifetime_cap_sun", "cooldown"]},
        ),
        (
            gettext_lazy("Approval"),
            {"fields": ["approval_above_sun", "second_above_sun", "valid_for"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Limits]:
        """Of every kind there is, also of one that nothing has asked for yet."""
        every_limit()
        return Limits.objects.all()

    @admin.display(description=gettext_lazy("one action"))
    def one_action(self, limits: Limits) -> str:
        return trx(limits.action_cap_sun)

    @admin.display(description=gettext_lazy("24 hours"))
    def one_day(self, limits: Limits) -> str:
        return trx(limits.day_cap_sun)

    @admin.display(description=gettext_lazy("of all time"))
    def all_time(self, limits: Limits) -> str:
        return trx(limits.lifetime_cap_sun)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, label_of(kind)) for kind in actions]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Action]) -> QuerySet[Action]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ApprovalInline(OnlyRead, TabularInline):
    model = Approval
    fields = ["person", "at"]


@admin.register(Action)
class ActionAdmin(OnlyRead, ModelAdmin):
    list_display = [
        "id", "what", "shown_kind", "amount", "state", "waits_for", "proposed_at", "began_at", "ended_at",
    ]  # fmt: skip
    list_filter = ["state", KindFilter]
    list_select_related = ["incident"]
    search_fields = ["key", "text_ko", "text_en"]
    inlines = [ApprovalInline]

    @admin.display(description=gettext_lazy("action"))
    def what(self, action: Action) -> str:
        return str(action)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def shown_kind(self, action: Action) -> str:
        return action.kind_label

    @admin.display(description=gettext_lazy("amount"))
    def amount(self, action: Action) -> str:
        return trx(action.sun) if action.sun else "–"


@admin.register(Halt)
class HaltAdmin(OnlyRead, ModelAdmin):
    list_display = ["at", "by", "reason", "lifted_at", "lifted_by"]
    list_select_related = ["by", "lifted_by"]


@admin.register(Loosening)
class LooseningAdmin(OnlyRead, ModelAdmin):
    """Decided in the portal, where the second factor is asked for."""

    list_display = ["id", "what", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]
    list_filter = ["state"]
    list_select_related = ["proposed_by", "decided_by"]

    @admin.display(description=gettext_lazy("setting"))
    def what(self, loosening: Loosening) -> str:
        return str(loosening)
