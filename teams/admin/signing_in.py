from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from teams.signing_in import AccessEvent


@admin.register(AccessEvent)
class AccessEventAdmin(ModelAdmin):
    """Written by the portal and the database only."""

    list_display = ["at", "kind", "user", "address"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__username", "address"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
