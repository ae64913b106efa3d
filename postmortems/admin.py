from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from postmortems.models import ActionItem, Postmortem


class ActionInline(TabularInline):
    model = ActionItem
    extra = 0


@admin.register(Postmortem)
class PostmortemAdmin(ModelAdmin):
    list_display = ["incident", "state", "author", "version", "updated_at"]
    list_filter = ["state"]
    list_select_related = ["incident", "author"]
    readonly_fields = ["incident", "author", "version", "created_at", "updated_at"]
    inlines = [ActionInline]
    show_full_result_count = False

    def has_add_permission(self, request: object) -> bool:
        return False  # drafted from a resolved incident, in the portal
