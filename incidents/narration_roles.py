"""What the timeline says of roles."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import RoleName

Data = Mapping[str, Any]


def _given(data: Data) -> str:
    said = {**data, "role": RoleName(data["role"]).label}
    if data["taken"]:
        return (
            _("Took over from %(before)s: %(role)s.") % said
            if data["before"]
            else _("Took a role: %(role)s.") % said
        )
    if data["before"]:
        return _("%(role)s: %(before)s → %(name)s.") % said
    return _("%(role)s: %(name)s.") % said


def _left(data: Data) -> str:
    return _("%(role)s: nobody now.") % {"role": RoleName(data["role"]).label}


def _joined(data: Data) -> str:
    return _("Joined.")


TELLERS: dict[str, Callable[[Data], str]] = {
    "role_given": _given,
    "role_left": _left,
    "joined": _joined,
}
