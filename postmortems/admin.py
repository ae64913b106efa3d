from django.contrib import admin
from unfold.admin import ModelAdmin

from core.console import OnlyRead
from postmortems.models import ActionItem, Postmortem, Version


# Written in the portal, where each change becomes a version: here they are looked up.
@admin.register(Postmortem)
class PostmortemAdmin(OnlyRead, ModelAdmin):
    list_display = ["incident", "state", "owner", "version", "updated_at"]
    list_filter = ["state"]
    list_select_related = ["incident", "owner"]
    show_full_result_count = False


@admin.register(ActionItem)
class ActionItemAdmin(OnlyRead, ModelAdmin):
    list_display = ["description", "postmortem", "owned_by", "due_date", "priority", "status"]
    list_filter = ["status", "kind", "priority"]
    search_fields = ["description"]
    list_select_related = ["postmortem__incident", "person", "team"]
    show_full_result_count = False


@admin.register(Version)
class VersionAdmin(OnlyRead, ModelAdmin):
    list_display = ["postmortem", "number", "state", "by_name", "at"]
    list_filter = ["state"]
    list_select_related = ["postmortem__incident"]
    show_full_result_count = False
