"""What the admin classes of all apps share."""

from typing import Any

from django.http import HttpRequest


class OnlyRead:
    """Beside an admin or an inline: rows that tell what happened, which nobody writes by hand."""

    show_full_result_count = False  # they grow without end

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
