from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.admin import ModelAdmin

from core.console import OnlyRead
from postmortems.models import ActionItem, ImprovementReport, Postmortem, Version


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


# As they were sent; the PDF itself is opened from the list.
@admin.register(ImprovementReport)
class ImprovementReportAdmin(OnlyRead, ModelAdmin):
    list_display = ["until", "days", "language", "made_at", "opened"]
    list_filter = ["days", "language"]
    fields = ["until", "days", "language", "made_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImprovementReport]:
        rows: QuerySet[ImprovementReport] = super().get_queryset(request)
        return rows.defer("pdf")

    @admin.display(description="PDF")
    def opened(self, report: ImprovementReport) -> str:
        return format_html('<a href="{}">PDF</a>', report.get_absolute_url())
