from django.contrib import admin
from unfold.admin import ModelAdmin

from core.console import OnlyRead
from teams.signing_in import AccessEvent


@admin.register(AccessEvent)
class AccessEventAdmin(OnlyRead, ModelAdmin):
    """Written by the portal and the database only."""

    list_display = ["at", "kind", "user", "address"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__username", "address"]
