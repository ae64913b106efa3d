"""The console's side of disaster recovery: what people record, and what was measured."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from core.console import OnlyRead, lasting
from maintenance.models import (
    ContinuityTargets,
    CopySample,
    DataCopy,
    Failover,
    KeptData,
    ServiceLoad,
    Site,
)


@admin.register(ContinuityTargets)
class ContinuityTargetsAdmin(ModelAdmin):
    """One row, which is there from the start."""

    fields = [("rto", "rpo"), ("look", "backup"), ("restore", "trial")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Site)
class SiteAdmin(ModelAdmin):
    list_display = [
        "name",
        "place",
        "capacity_percent",
        lasting("ready_within", _("takes over within")),
        "serves",
    ]
    search_fields = ["name_ko", "name_en", "slug"]
    autocomplete_fields = ["pool"]
    filter_horizontal = ["hosts", "services"]
    fields = [
        ("name_ko", "name_en"), "slug", ("place", "serves"), ("capacity_percent", "ready_within"),
        "pool", "hosts", "services",
    ]  # fmt: skip


@admin.register(ServiceLoad)
class ServiceLoadAdmin(ModelAdmin):
    list_display = ["service", "priority", "essential", "percent", "metric"]
    list_select_related = ["service", "metric"]
    search_fields = ["service__name_ko", "service__name_en", "service__slug"]
    autocomplete_fields = ["service", "metric"]
    fields = ["service", ("priority", "essential"), "percent", ("metric", "full_at")]


class CopyInline(TabularInline):
    model = DataCopy
    extra = 0
    fields = ["site", "database"]


@admin.register(KeptData)
class KeptDataAdmin(ModelAdmin):
    list_display = ["name", "plan", "backups_away"]
    search_fields = ["name_ko", "name_en", "slug"]
    fields = [("name_ko", "name_en"), "slug", ("plan", "backups_away")]
    inlines = [CopyInline]


@admin.register(CopySample)
class CopySampleAdmin(OnlyRead, ModelAdmin):
    list_display = ["copy", "at", "role", "safe_until", "detail"]
    list_filter = ["role", "copy"]
    list_select_related = ["copy__data", "copy__site"]


@admin.register(Failover)
class FailoverAdmin(OnlyRead, ModelAdmin):
    list_display = ["to", "data", "at", "drill", "planned", "writes_at", "kept_until"]
    list_filter = ["drill", "planned"]
    list_select_related = ["to", "data", "left"]
