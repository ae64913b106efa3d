from django.contrib import admin
from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from incidents.admin.incident import SEVERITY_COLOURS
from incidents.models import SuggestionRule

TRUST = (Cast("agreed", FloatField()) + 1) / (F("agreed") + F("disagreed") + 2)


@admin.register(SuggestionRule)
class SuggestionRuleAdmin(ModelAdmin):
    """The words of a rule are written here; how good they are, people's decisions say."""

    list_display = ["rule", "shown_severity", "shown_words", "service", "label", "agreement"]
    list_filter = ["severity"]
    list_select_related = ["service"]
    search_fields = ["name_ko", "name_en", "words"]
    autocomplete_fields = ["service"]
    readonly_fields = ["agreement"]
    fieldsets = [
        (None, {"fields": [("name_ko", "name_en"), "severity"]}),
        (gettext_lazy("When all of this fits"), {"fields": ["words", "service", "label"]}),
        (gettext_lazy("What people decided"), {"fields": ["agreement"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SuggestionRule]:
        found: QuerySet[SuggestionRule] = super().get_queryset(request)
        return found.annotate(trust=TRUST)

    @display(description=gettext_lazy("suggestion rule"))
    def rule(self, rule: SuggestionRule) -> str:
        return rule.name

    @display(description=gettext_lazy("severity"), label=SEVERITY_COLOURS, ordering="severity")
    def shown_severity(self, rule: SuggestionRule) -> str:
        return rule.severity

    @display(description=gettext_lazy("words"))
    def shown_words(self, rule: SuggestionRule) -> str:
        lines = [" / ".join(line[:3]) for line in rule.as_rule().words]
        return " + ".join(lines)

    @display(description=gettext_lazy("agreement"), ordering="trust")
    def agreement(self, rule: SuggestionRule) -> SafeString | str:
        if not rule.judged:
            return _("not judged yet")
        share = round(100 * rule.agreed / rule.judged)
        said = _("%(agreed)s of %(judged)s") % {"agreed": rule.agreed, "judged": rule.judged}
        return format_html(
            '<meter min="0" max="{}" value="{}" aria-label="{}"></meter> {} % · {}',
            rule.judged, rule.agreed, _("agreement"), share, said,
        )  # fmt: skip
