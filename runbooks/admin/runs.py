"""Runs and their steps are read here; what is done with them is done in the portal."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from core.console import OnlyRead, lasting
from runbooks.models import Run, RunStep, Steering
from runbooks.screens.versions import BOX
from runbooks.step import steps

HEAVY = ("output", "rows", "said", "findings", "given", "scope", "facts", "remembered", "undo")
COLOURS = {
    "running": "info", "done": "success", "failed": "danger", "unknown": "danger", "stopped": "danger",
    "waiting": "warning", "paused": "warning",
}  # fmt: skip


class Stated:
    """Columns of what has a state."""

    @display(description=gettext_lazy("state"), label=COLOURS, ordering="state")
    def shown_state(self, row: Any) -> tuple[str, str]:
        return row.state, row.get_state_display()


class StepInline(Stated, OnlyRead, TabularInline):
    model = RunStep
    fields = readonly_fields = [
        "path", "shown_title", "shown_state", "attempt", "began_at", "ended_at", "shown_text",
    ]  # fmt: skip
    extra = 0
    per_page = 50
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunStep]:
        rows: QuerySet[RunStep] = super().get_queryset(request)
        return rows.defer(*HEAVY).order_by("position")

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, step: RunStep) -> str:
        return step.title

    @admin.display(description=gettext_lazy("what came of it"))
    def shown_text(self, step: RunStep) -> str:
        return step.text


class SteeringInline(OnlyRead, TabularInline):
    model = Steering
    fields = readonly_fields = ["at", "by", "what", "step", "reason"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Steering]:
        rows: QuerySet[Steering] = super().get_queryset(request)
        return rows.select_related("by", "step").defer(*(f"step__{name}" for name in HEAVY))


@admin.register(Run)
class RunAdmin(Stated, OnlyRead, ModelAdmin):
    list_display = [
        "id", "shown_title", "incident", "purpose", "shown_state", "started_by", "driver", "started_at",
        "ended_at",
    ]  # fmt: skip
    list_filter = ["state", "purpose"]
    search_fields = ["version__title_ko", "version__title_en", "version__runbook__key"]
    fields = [
        "version", "incident", "purpose", "inputs", "shown_state", "undoes", "started_by", "driver",
        "started_at", "ended_at",
    ]  # fmt: skip
    readonly_fields = ["shown_state"]
    inlines = [SteeringInline, StepInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        rows: QuerySet[Run] = super().get_queryset(request)
        shown = rows.select_related("version", "incident", "started_by", "driver")
        return shown.defer("version__source")

    @admin.display(description=gettext_lazy("runbook"))
    def shown_title(self, run: Run) -> str:
        return run.version.title


@admin.register(RunStep)
class RunStepAdmin(Stated, OnlyRead, ModelAdmin):
    list_display = ["id", "shown_run", "path", "shown_title", "shown_state", "began_at", "ended_at"]
    list_filter = ["state"]
    ordering = ["-id"]
    fields = readonly_fields = [
        "shown_run", "path", "name", "shown_title", "shown_kind", "shown_state", "attempt", "dangerous", "shown_timeout",
        "began_at", "ended_at", "decided_by", "shown_text", "shown_output", "given",
    ]  # fmt: skip
    shown_timeout = staticmethod(lasting("timeout", gettext_lazy("timeout")))

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunStep]:
        rows: QuerySet[RunStep] = super().get_queryset(request)
        return rows.select_related("run__version").defer(
            "run__version__source", *(set(HEAVY) - {"output", "given"})
        )

    @admin.display(description=gettext_lazy("run of a runbook"), ordering="run")
    def shown_run(self, step: RunStep) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:runbooks_run_change", args=[step.run_id]),
            step.run,
        )

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, step: RunStep) -> str:
        return step.title

    @admin.display(description=gettext_lazy("what came of it"))
    def shown_text(self, step: RunStep) -> str:
        return step.text

    @admin.display(description=gettext_lazy("kind"))
    def shown_kind(self, step: RunStep) -> str:
        found = steps.get(step.kind)
        return str(found.label) if found else step.kind

    @admin.display(description=gettext_lazy("output"))
    def shown_output(self, step: RunStep) -> SafeString:
        return format_html('<pre style="{}">{}</pre>', BOX, step.output or "–")
