from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from core.console import OnlyRead
from maintenance.forms_backups import BackupPlanForm
from maintenance.models import Backup, BackupPlan, RestoreTest
from maintenance.words.backups import sentence


@admin.register(BackupPlan)
class BackupPlanAdmin(ModelAdmin):
    form = BackupPlanForm
    list_display = ["name", "enabled", "database", "every_hours", "keep_days", "rpo_minutes"]
    list_filter = ["enabled"]
    list_select_related = ["database"]
    search_fields = ["name"]
    autocomplete_fields = ["database"]
    fieldsets = [
        (None, {"fields": ["name", "enabled", "database", "place", "sealed"]}),
        (_("When"), {"fields": [("every_hours", "hour"), "keep_days"]}),
        (_("What a restore has to show"), {"fields": [("rpo_minutes", "rto_minutes"), "tables", "least", "check_sql"]}),
    ]  # fmt: skip


class Flawed(OnlyRead, ModelAdmin):
    list_filter = ["plan", "state"]
    list_select_related = ["plan"]
    search_fields = ["stem"]

    @admin.display(description=_("what is wrong"))
    def shown_flaws(self, row: Backup | RestoreTest) -> str:
        return " ".join(sentence(one) for one in row.told) or "–"


@admin.register(Backup)
class BackupAdmin(Flawed):
    list_display = ["begun_at", "plan", "state", "stem", "size", "verified_at", "shown_flaws"]
    fields = [
        "plan", "state", "shown_flaws", "period", "tries", "begun_at", "ended_at", "made_at", "verified_at",
        "place", "host", "stem", "size", "sealed", "tables", "rows",
    ]  # fmt: skip
    readonly_fields = ["shown_flaws"]


@admin.register(RestoreTest)
class RestoreTestAdmin(Flawed):
    list_display = ["begun_at", "plan", "state", "stem", "took_seconds", "shown_flaws"]
    fields = [
        "plan", "state", "shown_flaws", "begun_at", "ended_at", "stem", "age_seconds", "took_seconds",
        "tables", "rows",
    ]  # fmt: skip
    readonly_fields = ["shown_flaws"]
