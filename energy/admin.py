from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from core.console import OnlyRead
from energy.models import (
    ChainTransaction,
    EnergyPolicy,
    Market,
    Purchase,
    Reading,
    Response,
    Step,
    Wallet,
)
from energy.screens.markets import why
from energy.services.trusting import SetAside, set_aside
from runbooks.console import GuardedForm, TwoPeople


class WalletForm(GuardedForm):
    setting = "wallet"

    class Meta:
        model = Wallet
        fields = "__all__"


class PolicyForm(GuardedForm):
    setting = "policy"

    class Meta:
        model = EnergyPolicy
        fields = "__all__"


@admin.register(Wallet)
class WalletAdmin(TwoPeople, ModelAdmin):
    form = WalletForm
    setting = "wallet"
    list_display = ["name", "role", "address", "enabled", "shown_state", "seen_at"]
    list_filter = ["role", "enabled"]
    search_fields = ["name", "address"]
    autocomplete_fields = ["service", "pays"]
    readonly_fields = ["seen_at"]
    fieldsets = [
        (None, {"fields": ["name", "address", "role", "service", "pays", "enabled", "seen_at"]}),
        (_("Readings"), {"fields": ["period", "hasty_period", "transfer_energy"]}),
        (
            _("States"),
            {
                "fields": [
                    ("warning_below", "warning_until"),
                    ("emergency_below", "emergency_until"),
                    ("critical_below", "critical_until"),
                    ("runway_below", "worst_runway_below"),
                    "rental_notice",
                ]
            },
        ),
        (
            _("In a shortage"),
            {
                "fields": [
                    "rails",
                    "reserve_sun",
                    "action_cap_sun",
                    "day_cap_sun",
                    "lifetime_cap_sun",
                    "purchase_cap_sun",
                    "purchase_day_cap_sun",
                    "purchase_lifetime_cap_sun",
                ]
            },
        ),
    ]

    @admin.display(description=_("state"))
    def shown_state(self, wallet: Wallet) -> str:
        return wallet.state

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its readings, and what was done by them, go with nobody: it is switched off instead."""
        return False


@admin.register(Reading)
class ReadingAdmin(OnlyRead, ModelAdmin):
    list_display = ["wallet", "at", "fault", "used", "limit", "burned", "head_number"]
    list_filter = ["wallet", "fault"]
    list_select_related = ["wallet"]


@admin.register(ChainTransaction)
class ChainTransactionAdmin(OnlyRead, ModelAdmin):
    """Its state is what the chain says."""

    list_display = [
        "key", "wallet", "contract", "sun", "state", "planned_at", "settled_at", "error",
    ]  # fmt: skip
    list_filter = ["state", "wallet", "contract"]
    search_fields = ["key", "txid"]
    list_select_related = ["wallet"]


@admin.register(Purchase)
class PurchaseAdmin(OnlyRead, ModelAdmin):
    list_display = [
        "provider", "wallet", "energy", "state", "quoted_sun", "paid_sun", "order_id", "asked_at",
        "ended_at",
    ]  # fmt: skip
    list_filter = ["state", "provider", "wallet"]
    search_fields = ["order_id"]
    list_select_related = ["wallet"]


@admin.register(Market)
class MarketAdmin(OnlyRead, ModelAdmin):
    """Brought back on the energy page, where what it owes is seen."""

    list_display = ["name", "since", "shown_why", "good_quotes", "quoted_at", "suggested"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Market]:
        rows: QuerySet[Market] = super().get_queryset(request)
        return rows.filter(name__in=Purchase.objects.distrusted())

    @admin.display(description=_("why"))
    def shown_why(self, market: Market) -> str:
        found = _aside(market)
        return why(found) if found else ""

    @admin.display(description=_("may be brought back"), boolean=True)
    def suggested(self, market: Market) -> bool:
        found = _aside(market)
        return found is not None and found.suggested


def _aside(market: Market) -> SetAside | None:
    return next((one for one in set_aside() if one.name == market.name), None)


class StepInline(OnlyRead, TabularInline):
    model = Step
    fields = ["round", "lever", "why", "sun", "energy", "provider", "rail", "helper", "action"]
    extra = 0


@admin.register(Response)
class ResponseAdmin(OnlyRead, ModelAdmin):
    list_display = ["wallet", "began_at", "status", "shadow", "recovered_at", "ended_at"]
    list_filter = ["status", "wallet", "shadow"]
    list_select_related = ["wallet"]
    inlines = [StepInline]


@admin.register(EnergyPolicy)
class EnergyPolicyAdmin(TwoPeople, ModelAdmin):
    """A change is a new version: the form of a new one begins with what holds now."""

    form = PolicyForm
    setting = "policy"
    list_display = ["__str__", "made_at", "made_by", "restore_percent", "price_percent"]
    fieldsets = [
        (_("Levers"), {"fields": ["emergency", "critical", "emergency_prepared"]}),
        (
            _("How much"),
            {
                "fields": [
                    "restore_percent", "share_percent", "most_sun", "price_percent", "rent_for",
                ]
            },
        ),
        (
            _("Withdrawals go again"),
            {"fields": ["resume_percent", "resume_runway", "paused_for", "review_stakes_after"]},
        ),
    ]  # fmt: skip

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        held = EnergyPolicy.now()
        names = [field.name for field in EnergyPolicy._meta.fields if field.editable]
        said = {name: getattr(held, name) for name in names if name != "id"}
        found: dict[str, Any] = super().get_changeform_initial_data(request)
        for name, value in said.items():
            found.setdefault(name, ",".join(value) if isinstance(value, list) else value)
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
