"""The console's forms of settings that bound money: what loosens is proposed, and said so."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from core import clock
from runbooks.models import Loosening
from runbooks.queries import nobody_else
from runbooks.services import loosening
from runbooks.services.loosening_told import in_a_line
from teams.access import signed_in


class GuardedForm(forms.ModelForm):  # type: ignore[type-arg]
    setting: ClassVar[str]
    reason = forms.CharField(
        label=gettext_lazy("Why it shall be looser"), max_length=300, required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("For whoever confirms it. What only tightens needs none."),
    )  # fmt: skip

    def _post_clean(self) -> None:
        """After the values are in the instance, which is compared with what holds."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors or (self.cleaned_data.get("reason") or "").strip():
            return
        if loosening.parts(self.setting, self.instance).later:
            told = _("Something becomes looser. Say why, for whoever confirms it.")
            self.add_error("reason", told)


class TwoPeople:
    """Beside a ModelAdmin whose form is a `GuardedForm`."""

    setting: ClassVar[str]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        said = {"fields": ["reason"], "description": self._said(request, obj)}
        return [*super().get_fieldsets(request, obj), (_("Two people"), said)]  # type: ignore[misc]

    def _said(self, request: HttpRequest, obj: Model | None) -> str:
        rule = _(
            "What tightens holds at once. What loosens waits until another administrator has confirmed it."
        )
        rows = [rule]
        if nobody_else(signed_in(request)):
            rows.append(_("You are the only administrator: nobody else may confirm."))
        waits = Loosening.objects.waiting(at=clock.now()).of(self.setting, obj.pk if obj else None)
        links = [(one.get_absolute_url(), f"#{one.pk} {in_a_line(one)}") for one in waits]
        told = format_html_join("", "<p>{}</p>", [[row] for row in rows])
        return told + format_html_join("", '<p><a href="{}"><b>{}</b></a></p>', links)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        reason = form.cleaned_data.get("reason") or ""
        done = loosening.change(
            self.setting, obj, by=signed_in(request), at=clock.now(), reason=reason
        )
        obj.pk, obj.changed = done.row.pk, done

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """With the values before and after: who raised a cap, and from what, is asked later."""
        done: loosening.Changed = form.instance.changed
        told = _pairs(done.now)
        if done.waiting:
            told += [f"proposed (#{done.waiting.pk}) {one}" for one in _pairs(done.waiting.fields)]
        return [{"changed": {"fields": told}}] if told else []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing was added when all of it waits."""
        log = super().log_addition if obj.changed.made else self.log_change  # type: ignore[misc,attr-defined]
        return log(request, obj, message)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        return self._answer(request, obj) or super().response_add(request, obj, post_url_continue)  # type: ignore[misc]

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._answer(request, obj) or super().response_change(request, obj)  # type: ignore[misc]

    def _answer(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """Not "saved": on to what waits, when something does."""
        done: loosening.Changed = obj.changed
        if done.waiting is None:
            return None
        if done.now:
            messages.success(request, _("What tightens holds already."))
        text = _("This waits for another administrator. Until then all stays as it was.")
        messages.warning(request, text)
        return redirect(done.waiting)


def _pairs(fields: Any) -> list[str]:
    return [f"{name}: {before} → {after}" for name, (before, after) in fields.items()]
