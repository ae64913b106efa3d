from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from core import clock
from core.console import OnlyRead
from core.errors import Refused
from incidents import services
from incidents.models import Event, Incident
from incidents.narration import narrate

SEVERITY_COLOURS = {"P0": "danger", "P1": "warning", "P2": "info", "P3": "info"}
STATUS_COLOURS = {
    "triggered": "danger", "acknowledged": "warning", "mitigated": "info", "resolved": "success",
}  # fmt: skip


class TimelineInline(OnlyRead, TabularInline):
    model = Event
    extra = 0
    ordering = ["-seq"]
    per_page = 50
    fields = readonly_fields = ["seq", "at", "actor", "told"]

    @display(description=gettext_lazy("what happened"))
    def told(self, event: Event) -> str:
        return narrate(event)


@admin.register(Incident)
class IncidentAdmin(ModelAdmin):
    """The record is read here and changed by the services only, so that the timeline knows of it."""

    list_display = [
        "number",
        "shown_severity",
        "title",
        "shown_status",
        "commander",
        "detected_at",
        "resolved_at",
    ]
    list_filter = ["status", "severity", "services"]
    search_fields = ["title", "=number"]
    show_full_result_count = False
    readonly_fields = ["commander"]
    inlines = [TimelineInline]
    actions = ["acknowledge_chosen", "mitigate_chosen", "resolve_chosen", "reopen_chosen"]
    actions_detail = ["open_room"]  # a link, so it may change nothing
    fieldsets = [
        (None, {"fields": ["title", "description", "severity", "status", "services", "commander"]}),
        (
            gettext_lazy("Times"),
            {
                "classes": ["tab"],
                "fields": [
                    "started_at",
                    "detected_at",
                    "acknowledged_at",
                    "mitigated_at",
                    "resolved_at",
                    "respond_by",
                    "resolve_by",
                    "response_breached",
                    "resolution_breached",
                ],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        found: QuerySet[Incident] = super().get_queryset(request)
        return found.prefetch_related("roles__user")

    @display(description=gettext_lazy("incident commander"))
    def commander(self, incident: Incident) -> str:
        return incident.commander.name if incident.commander else "-"

    @display(description=gettext_lazy("severity"), label=SEVERITY_COLOURS)
    def shown_severity(self, incident: Incident) -> str:
        return incident.severity

    @display(description=gettext_lazy("status"), label=STATUS_COLOURS)
    def shown_status(self, incident: Incident) -> tuple[str, Any]:
        return incident.status, incident.status_name

    @action(description=gettext_lazy("Open the room"))
    def open_room(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if (incident := self.get_object(request, object_id)) is None:
            raise Http404
        return redirect(incident)

    @admin.action(description=gettext_lazy("Acknowledge the chosen incidents"))
    def acknowledge_chosen(self, request: HttpRequest, chosen: QuerySet[Incident]) -> None:
        self._all(request, chosen, services.acknowledge)

    @admin.action(description=gettext_lazy("Mark the chosen incidents as mitigated"))
    def mitigate_chosen(self, request: HttpRequest, chosen: QuerySet[Incident]) -> None:
        self._all(request, chosen, services.mitigate)

    @admin.action(description=gettext_lazy("Reopen the chosen incidents"))
    def reopen_chosen(self, request: HttpRequest, chosen: QuerySet[Incident]) -> None:
        self._all(request, chosen, services.reopen)

    @admin.action(description=gettext_lazy("Resolve the chosen incidents"))
    def resolve_chosen(self, request: HttpRequest, chosen: QuerySet[Incident]) -> None:
        self._all(request, chosen, services.resolve)

    def _all(
        self, request: HttpRequest, chosen: QuerySet[Incident], service: Callable[..., Any]
    ) -> None:
        done = 0
        for incident in chosen:
            try:
                service(incident, by=request.user, at=clock.now())
                done += 1
            except Refused as refused:
                messages.warning(request, f"#{incident.number}: {refused}")
        if done:
            messages.success(request, _("Done: %(count)s.") % {"count": done})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # incidents are declared in the portal, where the team is paged

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None  # the list's actions, not the fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
