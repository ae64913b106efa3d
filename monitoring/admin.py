from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from core.console import OnlyRead
from monitoring.forms_severities import FIELDS, IntegrationForm
from monitoring.models import (
    Alert,
    Anomaly,
    Change,
    Check,
    Integration,
    LogFinding,
    LogPattern,
    LogSource,
    LogTemplate,
    Metric,
    Payload,
    Route,
    Rule,
)
from monitoring.registry import addressed

SEVERITY_COLOURS = {"P0": "danger", "P1": "warning", "P2": "info", "P3": "info"}


@admin.register(Integration)
class IntegrationAdmin(ModelAdmin):
    list_display = ["name", "source", "token_prefix", "default_service", "enabled"]
    list_filter = ["source", "enabled"]
    list_select_related = ["default_service"]
    search_fields = ["name"]
    readonly_fields = ["token_prefix", "created_at"]
    autocomplete_fields = ["default_service"]
    actions = ["new_token"]
    form = IntegrationForm
    fieldsets = [
        (None, {"fields": ["name", "source", "enabled", "default_service", "token_prefix", "created_at"]}),
        (
            gettext_lazy("Severities"),
            {
                "fields": [*FIELDS, "default_severity"],
                "description": gettext_lazy("The sender's words for each, comma-separated."),
            },
        ),
        (
            gettext_lazy("Incidents"),
            {"fields": ["group_window", "auto_resolve", "flap_count", "flap_window", "drill"]},
        ),
        (gettext_lazy("Who may post"), {"fields": ["signed", "topic"]}),
    ]  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Integration, form: Any, change: bool) -> None:
        token = "" if change else obj.new_token()
        super().save_model(request, obj, form, change)
        if token:
            self._show(request, obj, token)

    @admin.action(description=gettext_lazy("Give the chosen ones a new token"))
    def new_token(self, request: HttpRequest, chosen: QuerySet[Integration]) -> None:
        """The old token stops within seconds; the new one is shown once."""
        for integration in chosen:
            token = integration.new_token()
            integration.save(update_fields=["token_prefix", "token_hash"])
            self._show(request, integration, token)

    def _show(self, request: HttpRequest, integration: Integration, token: str) -> None:
        base = request.build_absolute_uri("/").rstrip("/")
        address = addressed(integration.source, base, token)
        text = _("Post to %(address)s with the token %(token)s. It is shown only now.")
        messages.success(request, text % {"address": address, "token": token})
        if integration.signed:
            text = _("Let it sign with the secret %(secret)s. It is shown only now.")
            messages.success(request, text % {"secret": integration.signing_secret})


@admin.register(Alert)
class AlertAdmin(OnlyRead, ModelAdmin):
    list_display = [
        "title",
        "shown_severity",
        "shown_status",
        "service",
        "integration",
        "count",
        "last_seen_at",
    ]
    list_filter = ["severity", "integration"]
    list_select_related = ["integration"]
    search_fields = ["title", "key", "service"]

    @display(description=gettext_lazy("severity"), label=SEVERITY_COLOURS)
    def shown_severity(self, alert: Alert) -> str:
        return alert.severity

    @display(description=gettext_lazy("status"), label={"firing": "danger", "resolved": "success"})
    def shown_status(self, alert: Alert) -> str:
        return alert.status


@admin.register(Metric)
class MetricAdmin(ModelAdmin):
    """What a sender named cannot be renamed; what it said too little about can be said here."""

    list_display = ["name", "shown_labels", "service", "kind", "unit", "last_at"]
    list_filter = ["kind", "service"]
    list_select_related = ["service"]
    search_fields = ["name"]
    fields = ["name", "labels", "service", "kind", "unit", "created_at", "last_at"]
    readonly_fields = ["name", "labels", "created_at", "last_at"]
    autocomplete_fields = ["service"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Metric], search_term: str
    ) -> tuple[QuerySet[Metric], bool]:
        found = Metric.objects.search(search_term)
        return queryset.filter(pk__in=found.order_by().values("pk")), False

    @display(description=gettext_lazy("labels"))
    def shown_labels(self, metric: Metric) -> str:
        return ", ".join(f"{name}={value}" for name, value in metric.sorted_labels)


@admin.register(Anomaly)
class AnomalyAdmin(OnlyRead, ModelAdmin):
    list_display = ["at", "metric", "reason", "view", "score", "last_at", "feedback", "feedback_by"]
    list_filter = ["reason", "view", "feedback", "metric__kind"]
    list_select_related = ["metric", "feedback_by"]
    search_fields = ["metric__name"]


@admin.register(Route)
class RouteAdmin(ModelAdmin):
    list_display = [
        "position", "name", "matchers", "service", "team", "severity", "how", "enabled",
    ]  # fmt: skip
    list_display_links = ["name"]
    list_editable = ["position", "enabled"]
    list_select_related = ["service", "team"]
    search_fields = ["name", "matchers"]
    autocomplete_fields = ["service", "team", "integration"]


@admin.register(Check)
class CheckAdmin(OnlyRead, ModelAdmin):
    """To find them; they are set up on their own pages, where they can be tried."""

    list_display = ["name", "collector", "host", "service", "shown_state", "last_run_at", "enabled"]
    list_filter = ["collector", "state", "enabled"]
    list_select_related = ["service"]
    search_fields = ["name", "host"]

    @display(
        description=gettext_lazy("state"),
        label={"ok": "success", "failing": "warning", "hanging": "danger"},
    )
    def shown_state(self, check: Check) -> str:
        return check.state


@admin.register(Rule)
class RuleAdmin(OnlyRead, ModelAdmin):
    """To find them; they are written on their own pages, with their past in sight."""

    list_display = [
        "name_ko",
        "name_en",
        "kind",
        "metric",
        "shown_severity",
        "targets",
        "enabled",
        "edited",
    ]
    list_filter = ["kind", "severity", "enabled", "edited"]
    search_fields = ["name_ko", "name_en", "metric"]

    @display(description=gettext_lazy("severity"), label=SEVERITY_COLOURS)
    def shown_severity(self, rule: Rule) -> str:
        return rule.severity


@admin.register(LogSource)
class LogSourceAdmin(OnlyRead, ModelAdmin):
    """To find them; they are set up on their own pages. So are patterns, where they can be tried."""

    list_display = ["name", "kind", "place", "service", "lines", "errors", "lag_seconds", "enabled"]
    list_filter = ["kind", "enabled"]
    list_select_related = ["service"]
    search_fields = ["name", "place"]


@admin.register(LogPattern)
class LogPatternAdmin(OnlyRead, ModelAdmin):
    list_display = ["name", "text", "severity", "count", "within", "matched", "last_at", "enabled"]
    list_filter = ["severity", "enabled"]
    search_fields = ["name_ko", "name_en", "text"]


@admin.register(LogFinding)
class LogFindingAdmin(OnlyRead, ModelAdmin):
    list_display = ["at", "source", "pattern", "severity", "count", "line", "over_at"]
    list_filter = ["severity", "source", "pattern"]
    list_select_related = ["source", "pattern"]
    search_fields = ["line"]


@admin.register(LogTemplate)
class LogTemplateAdmin(OnlyRead, ModelAdmin):
    list_display = ["text", "source", "count", "first_at", "last_at", "acknowledged_at"]
    list_filter = ["source", "is_new"]
    list_select_related = ["source"]
    search_fields = ["text"]


@admin.register(Change)
class ChangeAdmin(OnlyRead, ModelAdmin):
    list_display = ["summary", "service", "source", "integration", "happened_at"]
    list_filter = ["integration"]
    list_select_related = ["service", "integration"]
    search_fields = ["summary"]


@admin.register(Payload)
class PayloadAdmin(OnlyRead, ModelAdmin):
    list_display = ["received_at", "integration", "error"]
    list_filter = ["integration", ("error", admin.EmptyFieldListFilter)]
    list_select_related = ["integration"]
    fields = ["received_at", "integration", "error", "text"]
    readonly_fields = fields
    ordering = ["-id"]

    @display(description=gettext_lazy("body"))
    def text(self, payload: Payload) -> str:
        return bytes(payload.body).decode(errors="replace")
