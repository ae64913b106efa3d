"""Rotations in the console. What is saved here holds from now on, and leaves the past alone."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from core import clock
from teams import history
from teams.rotations import Layer, LayerMember, LayerWindow, Override, Rotation


class LayerInline(TabularInline):
    model = Layer
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Layer]:
        found: QuerySet[Layer] = super().get_queryset(request)
        return found.filter(until=None)


@admin.register(Rotation)
class RotationAdmin(ModelAdmin):
    """When it turns; who is in turn stands on the page of each layer."""

    list_display = ["place", "slug", "name_ko", "name_en", "team", "time_zone"]
    list_display_links = ["slug"]
    list_select_related = ["team"]
    search_fields = ["slug", "name_ko", "name_en"]
    inlines = [LayerInline]

    def save_model(
        self, request: HttpRequest, obj: Rotation, form: "ModelForm[Rotation]", change: bool
    ) -> None:
        if change and "time_zone" in form.changed_data:
            for layer in obj.layers.filter(until=None):
                history.keep_past(layer, at=clock.now(), time_zone=form.initial["time_zone"])
        super().save_model(request, obj, form, change)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: "BaseModelFormSet[Any, Any]", change: bool
    ) -> None:
        formset.save(commit=False)
        for layer in formset.deleted_objects:
            history.end(layer, at=clock.now())
        for layer, _changed in formset.changed_objects:
            history.keep_past(layer, at=clock.now())
            layer.save()
        for layer in formset.new_objects:
            layer.since = clock.now() if change else None
            layer.save()


class LayerMemberInline(StackedInline):
    """One below the other: a table of two columns is wider than a phone."""

    model = LayerMember
    extra = 1
    autocomplete_fields = ["user"]
    fields = ["place", "user"]


class LayerWindowInline(TabularInline):
    model = LayerWindow
    extra = 0


@admin.register(Layer)
class LayerAdmin(ModelAdmin):
    list_display = ["rotation", "place", "first_day", "handover", "every", "unit"]
    list_display_links = ["rotation"]
    list_select_related = ["rotation"]
    inlines = [LayerMemberInline, LayerWindowInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Layer]:
        found: QuerySet[Layer] = super().get_queryset(request)
        return found.filter(until=None)

    def save_model(
        self, request: HttpRequest, obj: Layer, form: "ModelForm[Layer]", change: bool
    ) -> None:
        if change and form.has_changed():
            history.keep_past(obj, at=clock.now())
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Who is in turn, or when the layer counts, where nothing of the layer itself was changed."""
        if change and not form.has_changed() and any(each.has_changed() for each in formsets):
            history.keep_past(form.instance, at=clock.now())
        super().save_related(request, form, formsets, change)

    def delete_model(self, request: HttpRequest, obj: Layer) -> None:
        history.end(obj, at=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Layer]) -> None:
        for layer in queryset:
            history.end(layer, at=clock.now())


class OverrideForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Override
        fields = "__all__"  # noqa: DJ007 - the admin shows what there is

    def clean_ends_at(self) -> datetime:
        said: datetime = self.cleaned_data["ends_at"]
        if self.instance.pk and self.instance.starts_at <= clock.now() and said < clock.now():
            raise ValidationError(_("What has been stays as it was: end it now or later."))
        return said


@admin.register(Override)
class OverrideAdmin(ModelAdmin):
    """One that has begun can only be ended, and one that is over stays as it was."""

    form = OverrideForm
    list_display = ["rotation", "user", "starts_at", "ends_at", "reason", "made_by"]
    list_select_related = ["rotation", "user", "made_by"]
    list_filter = ["rotation"]
    autocomplete_fields = ["user"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Override | None = None
    ) -> tuple[str, ...]:
        begun = obj is not None and obj.starts_at <= clock.now()
        return ("rotation", "user", "starts_at") if begun else ()

    def has_change_permission(self, request: HttpRequest, obj: Override | None = None) -> bool:
        over = obj is not None and obj.ends_at <= clock.now()
        return not over and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Override | None = None) -> bool:
        begun = obj is not None and obj.starts_at <= clock.now()
        return not begun and bool(super().has_delete_permission(request, obj))
