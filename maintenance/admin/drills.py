from django.contrib import admin
from unfold.admin import ModelAdmin

from core.console import OnlyRead
from maintenance.models import Drill


@admin.register(Drill)
class DrillAdmin(OnlyRead, ModelAdmin):
    """Planned and led on their own page."""

    list_display = ["scenario", "way", "planned_at", "state", "lead", "incident"]
    list_filter = ["state", "scenario", "way"]
    list_select_related = ["lead", "incident"]
