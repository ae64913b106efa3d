"""What the admin classes of all apps share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import get_language

from core import durations

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class OnlyRead:
    """Beside an admin or an inline: rows that tell what happened, which nobody writes by hand."""

    show_full_result_count = False  # they grow without end

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def lasting(name: str, title: "_StrPromise") -> Callable[[Any], str]:
    """A column for a length of time, which Django would show as "3 days, 0:00:00" in any language."""

    def column(row: Any) -> str:
        span = getattr(row, name)
        return "–" if span is None else durations.words(span, language=get_language() or "ko")

    return admin.display(description=title, ordering=name)(column)
