"""A document for a person: it is there, or a page says how far it is and turns into it."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from core.printing.asked import Asked

STOP_ASKING: Final = 286  # htmx's word for it: nothing more comes by itself


def shown(
    request: HttpRequest, row: Asked, *, address: str, name: str, page: str, said: Mapping[str, Any]
) -> HttpResponse:
    """A person who posts has asked once more. `page` has a part that is called `state`."""
    if request.method == "POST":
        return redirect(address)
    if not row.made_at:
        return _under_way(request, row, page, {**said, "rendering": row, "address": address})
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(address)
    return file(bytes(row.pdf or b""), name)


def _under_way(
    request: HttpRequest, row: Asked, page: str, said: Mapping[str, Any]
) -> HttpResponse:  # fmt: skip
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, page, said, status=200 if row.error else 202)
    return render(request, f"{page}#state", said, status=STOP_ASKING if row.error else 200)


def file(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
