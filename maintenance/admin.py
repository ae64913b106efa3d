from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from core import clock
from maintenance.models import Capacity, Price, Routine, RoutineQuerySet
from maintenance.screens.routine import NAMES


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


@admin.register(Routine)
class RoutineAdmin(ModelAdmin):
    """Switch, hour and severity of each job; which there are, and how often they run, the code says."""

    list_display = ["shown_name", "frequency", "hour", "enabled", "severity"]
    list_filter = ["enabled"]
    fields = ["enabled", "hour", "severity"]

    @display(description=_("job"))
    def shown_name(self, routine: Routine) -> str:
        return str(routine)

    @display(description=_("how often"))
    def frequency(self, routine: Routine) -> str:
        return str(NAMES[routine.job.frequency])

    def get_queryset(self, request: HttpRequest) -> RoutineQuerySet:
        return Routine.objects.known()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Routine | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Routine, form: Any, change: bool) -> None:
        """Switched on again, it owes nothing of the time before."""
        if obj.enabled and "enabled" in form.changed_data:
            obj.since = clock.database_now()
        super().save_model(request, obj, form, change)
