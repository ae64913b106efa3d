from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from maintenance.models import Capacity, Price


@admin.register(Price)
class PriceAdmin(ModelAdmin):
    list_display = ["name", "adds", "cost", "currency", "lead_days"]
    search_fields = ["name_ko", "name_en"]
    fields = [("name_ko", "name_en"), "adds", ("cost", "currency"), "lead_days"]


@admin.register(Capacity)
class CapacityAdmin(ModelAdmin):
    """A metric marked as one that runs out; its forecast is made anew within minutes of a change."""

    list_display = ["shown_name", "kind", "warning_at", "full_at", "price"]
    list_filter = ["kind"]
    list_select_related = ["metric", "price"]
    search_fields = ["name", "metric__name"]
    autocomplete_fields = ["metric", "price"]
    fields = [
        "metric", "name", "kind", ("warning_at", "full_at"), "price", "pieces",
        "site_lost_percent",
    ]  # fmt: skip

    @display(description=_("name"))
    def shown_name(self, capacity: Capacity) -> str:
        return str(capacity)
