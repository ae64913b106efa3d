"""Runbooks are written here: each text is a version, seen beside the current one and tried dry before it counts."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from core import clock
from core.console import OnlyRead
from runbooks.domain.writing import Wrong
from runbooks.models import Runbook, Version
from runbooks.reading import LONGEST, document_of
from runbooks.screens import versions as shown
from runbooks.services import loading
from teams.access import signed_in


class RunbookForm(forms.ModelForm):  # type: ignore[type-arg]
    source = forms.CharField(
        label=gettext_lazy("text (YAML)"), max_length=LONGEST, strip=False,
        widget=UnfoldAdminTextareaWidget({"rows": 30, "spellcheck": "false", "style": "font-family:monospace"}),
        help_text=gettext_lazy("A changed text becomes a new version, which you see beside the current one before it counts."),
    )  # fmt: skip

    class Meta:
        model = Runbook
        fields = ("key", "enabled", "starts_by_itself")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.current:
            self.initial["source"] = self.instance.current.source

    def clean_source(self) -> str:
        """Each fault with its place. A browser sends lines as no file has them."""
        source = str(self.cleaned_data["source"]).replace("\r\n", "\n")
        try:
            document_of(source)
        except Wrong as wrong:
            raise ValidationError(list(wrong.faults)) from wrong
        return source


class VersionInline(OnlyRead, TabularInline):
    model = Version
    fields = readonly_fields = ["number", "shown_title", "made_at", "made_by", "is_current"]
    extra = 0
    per_page = 20

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        rows = super().get_queryset(request).select_related("runbook", "made_by").defer("source")
        found: QuerySet[Version] = rows.order_by("-number")
        return found

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, version: Version) -> SafeString:
        """To the page where an older one becomes the current one again."""
        address = reverse("admin:runbooks_version_change", args=[version.pk])
        return format_html('<a class="underline" href="{}">{}</a>', address, version.title)

    @admin.display(description=gettext_lazy("current"), boolean=True)
    def is_current(self, version: Version) -> bool:
        return version.runbook.current_id == version.pk


@admin.register(Runbook)
class RunbookAdmin(ModelAdmin):
    form = RunbookForm
    list_display = ["key", "shown_title", "number", "written_by", "enabled", "starts_by_itself"]
    list_filter = ["enabled", "starts_by_itself"]
    search_fields = ["key", "current__title_ko", "current__title_en"]
    fields = ["key", "enabled", "starts_by_itself", "source"]
    inlines = [VersionInline]
    actions = ["reset"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Runbook]:
        rows: QuerySet[Runbook] = super().get_queryset(request)
        return rows.select_related("current__made_by").defer("current__source")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Other runbooks call it by its key."""
        return ["key"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Runs are pinned to its versions: one that is not wanted any more is switched off."""
        return False

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, book: Runbook) -> str:
        return str(book)

    @admin.display(description=gettext_lazy("version"))
    def number(self, book: Runbook) -> int | None:
        return book.current.number if book.current else None

    @admin.display(description=gettext_lazy("written by"))
    def written_by(self, book: Runbook) -> str:
        if book.current is None:
            return "–"
        return book.current.made_by.name if book.current.made_by else "Bongsu"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        source = form.cleaned_data["source"]
        written = loading.write(obj, source, at=clock.now(), by=signed_in(request), current=False)
        obj.written = written if written.pk != obj.current_id else None

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        changed = [name for name in form.changed_data if name != "source"]
        if form.instance.written:
            changed.append(f"source: version {form.instance.written.number}")
        if add:
            return [{"added": {}}]
        return [{"changed": {"fields": changed}}] if changed else []

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        return self._looks_at_it(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._looks_at_it(request, obj) or super().response_change(request, obj)

    def _looks_at_it(self, request: HttpRequest, book: Any) -> HttpResponse | None:
        """On to the new version: nothing runs by it until somebody says so there."""
        if book.written is None:
            return None
        words = _("Version %(number)s is written. Look at it here, then make it the current one.")
        messages.success(request, words % {"number": book.written.number})
        return redirect("admin:runbooks_version_change", book.written.pk)

    @admin.action(description=gettext_lazy("Back to what came with Bongsu"), permissions=["change"])
    def reset(self, request: HttpRequest, chosen: QuerySet[Runbook]) -> HttpResponse | None:
        """First it is shown what is put back to what."""
        back = []
        for book in chosen:
            version = loading.came_with(book)
            if version is None:
                words = _("%(runbook)s: it was written here, none came with Bongsu.")
                messages.warning(request, words % {"runbook": book})
            elif version.pk == book.current_id:
                words = _("%(runbook)s already is as it came with Bongsu.")
                messages.info(request, words % {"runbook": book})
            else:
                back.append((book, version))
        if back and "sure" not in request.POST:
            title = {"title": _("Back to what came with Bongsu"), "back": back}
            context = self.admin_site.each_context(request) | {"opts": self.opts} | title
            return render(request, "admin/runbooks/runbook/reset.html", context)
        for book, version in back:
            self._put_back(request, book, version)
        return None

    def _put_back(self, request: HttpRequest, book: Runbook, version: Version) -> None:
        if loading.make_current(version):
            self.log_change(request, book, f"current: version {version.number}")
            words = _("%(runbook)s is as it came with Bongsu.")
            messages.success(request, words % {"runbook": version.title})


@admin.register(Version)
class VersionAdmin(ModelAdmin):
    list_display = ["__str__", "runbook_key", "number", "made_at", "made_by"]
    search_fields = ["runbook__key", "title_ko", "title_en"]
    fields = readonly_fields = [
        "runbook_key", "number", "shown_title", "made_at", "made_by", "difference", "preview", "text",
    ]  # fmt: skip
    actions_submit_line = ["make_current"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        rows: QuerySet[Version] = super().get_queryset(request)
        return rows.select_related("runbook__current", "made_by").defer(
            "source", "runbook__current__source"
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("runbook"), ordering="runbook__key")
    def runbook_key(self, version: Version) -> str:
        return version.runbook.key

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, version: Version) -> str:
        return version.title

    @admin.display(description=gettext_lazy("against the current version"))
    def difference(self, version: Version) -> SafeString | str:
        return shown.difference(version)

    @admin.display(description=gettext_lazy("what it would do"))
    def preview(self, version: Version) -> SafeString | str:
        return shown.preview(version)

    @admin.display(description=gettext_lazy("text (YAML)"))
    def text(self, version: Version) -> SafeString:
        return shown.source(version)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:  # fmt: skip
        """There is nothing to save but that it becomes the current one."""
        none = {"show_save": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | none)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Unfold calls the button's action in here; a version itself is never changed."""
        if "runbooks_version_make_current" in request.POST:
            self._make_current(request, obj)

    @action(description=gettext_lazy("Make it the current version"))
    def make_current(self, request: HttpRequest, obj: Version) -> None:
        """The button; `save_model` does it."""

    def _make_current(self, request: HttpRequest, version: Version) -> None:
        try:
            done = loading.make_current(version)
        except Wrong as wrong:
            messages.error(request, str(wrong))
            return
        if done:
            book = version.runbook
            super().log_change(request, book, f"current: version {version.number}")
            messages.success(
                request, _("%(version)s is the current version.") % {"version": version}
            )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """It stands in the history of its runbook."""

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return redirect(reverse("admin:runbooks_runbook_change", args=[obj.runbook_id]))
