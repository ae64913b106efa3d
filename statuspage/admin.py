from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from core import clock
from core.console import OnlyRead
from core.nudge import nudge
from statuspage.models import Affected, Change, Component, Group, Interval, Notice, Page, Update
from statuspage.services.saying import PUBLISH


class Published(ModelAdmin):
    """What is changed here is on the public page some seconds later."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self._note()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        self._note()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        self._note()

    def _note(self) -> None:
        Change.objects.note("console", at=clock.now())
        nudge(PUBLISH)


@admin.register(Page)
class PageAdmin(Published):
    list_display = ["__str__", "url", "time_zone", "follows_at_once", "partial_weight"]
    fieldsets = [
        (None, {"fields": ["name_ko", "name_en", "url", "time_zone"]}),
        (_("Incidents"), {"fields": ["follows_at_once", "closes_after"]}),
        (_("Availability"), {"fields": ["partial_weight"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Page.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its address is where customers look


@admin.register(Group)
class GroupAdmin(Published):
    list_display = ["__str__", "position"]
    list_editable = ["position"]
    search_fields = ["name_ko", "name_en"]


@admin.register(Component)
class ComponentAdmin(Published):
    list_display = ["__str__", "group", "position", "since", "showcase", "only_if_degraded"]
    list_editable = ["position"]
    list_filter = ["group"]
    list_select_related = ["group"]
    search_fields = ["name_ko", "name_en"]
    autocomplete_fields = ["group", "services"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its record would go with it; only what nothing was ever said of may go."""
        return obj is None or not obj.intervals.exists()


class UpdateInline(TabularInline):
    model = Update
    fields = ["at", "phase", "body_ko", "body_en", "by"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AffectedInline(TabularInline):
    model = Affected
    extra = 0


@admin.register(Notice)
class NoticeAdmin(OnlyRead, ModelAdmin):
    list_display = ["__str__", "kind", "phase", "impact", "published_at", "resolved_at"]
    list_filter = ["kind", "phase"]
    inlines = [AffectedInline, UpdateInline]


@admin.register(Interval)
class IntervalAdmin(OnlyRead, ModelAdmin):
    list_display = ["component", "state", "source", "began_at", "ended_at"]
    list_filter = ["state", "source"]
    list_select_related = ["component"]
