"""Subscribers of another page from a file, for administrators: first what it would come to, then in earnest."""

import csv
import io
import logging
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from statuspage.domain.exported import of_csv
from statuspage.services.importing_subscribers import Counted, foresee, take_over_subscribers
from teams.access import needs, signed_in
from teams.domain.roles import Action

log = logging.getLogger(__name__)

MOST: Final = 2_000_000  # bytes: some 40,000 rows; the command takes more
ENCODINGS: Final = ("utf-8-sig", "cp949")  # the second is what Excel writes in Korea
WHY: Final[dict[str, Promise]] = {
    "lost": gettext_lazy("could not be reached there either"),
    "unusable": gettext_lazy("no address of ours, or a way that cannot be taken over"),
    "strange": gettext_lazy("wants components that are not here"),
}


class BringForm(forms.Form):
    """What was looked at comes back as text: a browser sends a file once."""

    file = forms.FileField(
        label=gettext_lazy("File (CSV)"), required=False,
        help_text=gettext_lazy("Statuspage's export, or columns named email, phone, endpoint and components. At most 2 MB."),
    )  # fmt: skip
    said_yes = forms.ChoiceField(
        label=gettext_lazy("Did they say yes there?"),
        choices=[
            ("ask", gettext_lazy("Not that we know: ask each by a letter")),
            ("confirmed", gettext_lazy("Yes, and we may write to them")),
        ],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of what they read"), choices=settings.LANGUAGES
    )
    rows = forms.CharField(required=False, widget=forms.HiddenInput, max_length=MOST, strip=False)

    def clean(self) -> dict[str, Any]:
        said, file = self.cleaned_data, self.cleaned_data.get("file")
        if file and file.size > MOST:
            raise forms.ValidationError(
                _("That is too large for here. Use manage.py import_statuspage --subscribers.")
            )
        text = _decoded(file.read()) if file else said.get("rows", "")
        try:
            said["found"] = list(of_csv(io.StringIO(text.replace("\x00", ""), newline="")))
        except (csv.Error, AttributeError) as error:
            raise forms.ValidationError(
                _("That is no CSV file: %(why)s") % {"why": error}
            ) from error
        if not said["found"]:
            raise forms.ValidationError(
                _("There is nobody in it. Choose a CSV file with a row for each subscriber.")
            )
        said["rows"] = text
        return said


def _decoded(body: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise forms.ValidationError(_("Save it as “CSV UTF-8”: its letters cannot be read."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.ADMINISTER)
def bring(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, BringForm(initial={"language": settings.LANGUAGE_CODE}))
    form = BringForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    said, how = form.cleaned_data, _how(form.cleaned_data)
    if "go" not in request.POST:
        return _page(request, form, counted=foresee(said["found"], **how), rows=said["rows"])
    counted = take_over_subscribers(said["found"], {}, **how)
    log.info("%s subscribers brought by %s", counted.taken, signed_in(request).username)
    words = _("%(taken)s subscribers were taken over; %(known)s were here already.")
    messages.success(request, words % {"taken": counted.taken, "known": counted.known})
    return redirect("statuspage:crowd")


def _how(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "confirmed": said["said_yes"] == "confirmed", "language": said["language"], "at": clock.now(),
    }  # fmt: skip


def _page(
    request: HttpRequest,
    form: BringForm,
    *,
    counted: Counted | None = None,
    rows: str = "",
    status: int = 200,
) -> HttpResponse:
    left = [(line, WHY[why]) for line, why in counted.left] if counted else []
    sums = [
        (getattr(counted, why), words)
        for why, words in WHY.items()
        if counted and getattr(counted, why)
    ]
    said = {"form": form, "counted": counted, "rows": rows, "left": left, "sums": sums}
    return render(request, "statuspage/bring.html", said, status=status)
