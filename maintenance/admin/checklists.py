from django.contrib import admin
from django.db.models import CharField
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from maintenance.models import Checklist, ChecklistItem


class ItemInline(TabularInline):
    model = ChecklistItem
    hide_title = True
    formfield_overrides = {CharField: {"widget": UnfoldAdminTextareaWidget({"rows": 2})}}
    fields = ["place", "text_ko", "text_en", "needs_evidence"]
    extra = 0


@admin.register(Checklist)
class ChecklistAdmin(ModelAdmin):
    """What is changed here holds from the next quarter on: a round that has begun keeps its words."""

    list_display = ["shown_name", "owner", "days", "enabled"]
    list_select_related = ["owner"]
    fields = [("name_ko", "name_en"), "purpose_ko", "purpose_en", ("owner", "days"), "enabled"]
    autocomplete_fields = ["owner"]
    inlines = [ItemInline]

    @display(description=_("name"))
    def shown_name(self, row: Checklist) -> str:
        return row.name
