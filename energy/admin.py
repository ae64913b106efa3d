from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from energy.models import ChainTransaction, Reading, Wallet


@admin.register(Wallet)
class WalletAdmin(ModelAdmin):
    list_display = ["name", "role", "address", "enabled", "shown_state", "seen_at"]
    list_filter = ["role", "enabled"]
    search_fields = ["name", "address"]
    autocomplete_fields = ["service"]
    readonly_fields = ["seen_at"]
    fieldsets = [
        (None, {"fields": ["name", "address", "role", "service", "enabled", "seen_at"]}),
        (_("Readings"), {"fields": ["period", "hasty_period", "transfer_energy"]}),
        (
            _("States"),
            {
                "fields": [
                    ("warning_below", "warning_until"),
                    ("emergency_below", "emergency_until"),
                    ("critical_below", "critical_until"),
                ]
            },
        ),
        (_("In a shortage"), {"fields": ["rails", "reserve_sun"]}),
    ]

    @admin.display(description=_("state"))
    def shown_state(self, wallet: Wallet) -> str:
        return wallet.state

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its readings, and what was done by them, go with nobody: it is switched off instead."""
        return False


@admin.register(Reading)
class ReadingAdmin(ModelAdmin):
    list_display = ["wallet", "at", "fault", "used", "limit", "burned", "head_number"]
    list_filter = ["wallet", "fault"]
    list_select_related = ["wallet"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ChainTransaction)
class ChainTransactionAdmin(ModelAdmin):
    """Read only: its state is what the chain says."""

    list_display = [
        "key",
        "wallet",
        "contract",
        "sun",
        "state",
        "planned_at",
        "settled_at",
        "error",
    ]
    list_filter = ["state", "wallet", "contract"]
    search_fields = ["key", "txid"]
    list_select_related = ["wallet"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
