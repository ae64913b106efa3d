"""What the timeline says of roles and of the team."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def _assembled(data: Data) -> str:
    return _("The team is called together.")


def _channel_opened(data: Data) -> str:
    return (
        ngettext(
            "Slack channel #%(name)s is open, %(people)s person invited.",
            "Slack channel #%(name)s is open, %(people)s people invited.",
            data["people"],
        )
        % data
    )


def _channel_failed(data: Data) -> str:
    return _("The Slack channel could not be opened: %(error)s. This room is the place.") % data


TELLERS: dict[str, Callable[[Data], str]] = {
    "role_given": _given,
    "role_left": _left,
    "assembled": _assembled,
    "channel_opened": _channel_opened,
    "channel_failed": _channel_failed,
}
