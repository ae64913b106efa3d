from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from core import clock
from maintenance.models import Routine, RoutineQuerySet
from maintenance.screens.routine import NAMES
from maintenance.services.telling import let_go


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
        """Switched on again, it owes nothing of the time before; switched off, its alert ends."""
        at = clock.database_now()
        if obj.enabled and "enabled" in form.changed_data:
            obj.since = at
        super().save_model(request, obj, form, change)
        if not obj.enabled:
            let_go(obj, at=at)
