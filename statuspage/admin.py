from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from core import clock
from core.console import OnlyRead
from core.nudge import nudge
from statuspage import services
from statuspage.domain.states import State
from statuspage.models import (
    Affected,
    Change,
    Component,
    Entry,
    Group,
    Interval,
    Measure,
    Notice,
    Page,
    Prepared,
    Rating,
    Update,
)
from statuspage.services.saying import PUBLISH
from teams.access import signed_in


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


@admin.register(Measure)
class MeasureAdmin(Published):
    """Which metrics customers see, under which name."""

    list_display = ["__str__", "metric", "position"]
    list_editable = ["position"]
    list_select_related = ["metric"]
    search_fields = ["name_ko", "name_en", "metric__name"]
    autocomplete_fields = ["metric"]


@admin.register(Prepared)
class PreparedAdmin(ModelAdmin):
    list_display = ["__str__", "phase", "position"]
    list_editable = ["position"]
    list_filter = ["phase"]
    search_fields = ["name_ko", "name_en"]


class UpdateInline(TabularInline):
    model = Update
    fields = readonly_fields = ["at", "phase", "body_ko", "body_en", "by"]
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


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """A recorded time, and why it is put right."""

    why_ko = forms.CharField(label=_("why (Korean)"), widget=forms.Textarea, required=False)
    why_en = forms.CharField(label=_("why (English)"), widget=forms.Textarea, required=False)

    class Meta:
        model = Interval
        fields = ("component", "state", "began_at", "ended_at")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["ended_at"].required = True

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not (said["why_ko"].strip() or said["why_en"].strip()):
            raise forms.ValidationError(
                _("Say why: customers read it beside a month that was closed.")
            )
        if {"began_at", "ended_at"} <= said.keys() and not (
            said["began_at"] <= said["ended_at"] <= clock.now()
        ):
            raise forms.ValidationError(_("It ends after it began, and is over."))
        return said

    def record(self) -> services.Record:
        said = self.cleaned_data
        return services.Record(
            State(said["state"]), said["began_at"], said["ended_at"],
            said["why_ko"].strip(), said["why_en"].strip(),
        )  # fmt: skip


@admin.register(Interval)
class IntervalAdmin(ModelAdmin):
    """What was recorded is put right here, with a reason; it was never so if it ends when it began."""

    form = RecordForm
    show_full_result_count = False  # they grow without end
    list_display = ["component", "state", "source", "began_at", "ended_at"]
    list_filter = ["state", "source"]
    list_select_related = ["component"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["component"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        over = obj is None or obj.ended_at is not None
        return over and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Interval, form: Any, change: bool) -> None:
        said, by, at = form.record(), signed_in(request), clock.now()
        if change:
            services.correct(obj, said, by=by, at=at)
        else:
            obj.pk = services.add(obj.component, said, by=by, at=at).pk


@admin.register(Entry)
class EntryAdmin(OnlyRead, ModelAdmin):
    list_display = ["number", "kind", "month", "at"]
    list_filter = ["kind"]
    fields = ["number", "kind", "month", "at", "before", "said"]


# What readers said; who they were nobody can know, so it is not shown either.
@admin.register(Rating)
class RatingAdmin(OnlyRead, ModelAdmin):
    list_display = ["about", "score", "comment", "language", "at"]
    list_filter = ["score", "language"]
    list_select_related = ["notice"]
    fields = ["about", "score", "comment", "language", "at"]

    @admin.display(description=_("notice"), ordering="notice")
    def about(self, rating: Rating) -> str:
        return str(rating.notice)
