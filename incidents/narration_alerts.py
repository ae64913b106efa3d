"""What the timeline says of alerts, and of incidents that turned out to be one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

Data = Mapping[str, Any]


def _alert(data: Data) -> str:
    if data.get("count", 1) > 1:
        return _("%(count)s alerts, among them: %(title)s") % data
    return _("Alert: %(title)s") % data


def _flapping(data: Data) -> str:
    return (
        _(
            "%(title)s came and went %(count)s times in %(minutes)s minutes: the incident stays open "
            "until it has been calm for as long, and nobody is paged again."
        )
        % data
    )


def _alert_resolved(data: Data) -> str:
    if data.get("expired"):
        return _("Alert expired, its sender went silent: %(title)s") % data
    return _("Alert resolved: %(title)s") % data


def _silenced(data: Data) -> str:
    until = timezone.localtime(datetime.fromisoformat(data["until"]))
    said = {**data, "until": formats.date_format(until, "m/d H:i")}
    if data["count"] > 1:
        told = _("%(count)s alerts silenced until %(until)s, among them: %(title)s") % said
    else:
        told = _("Alert silenced until %(until)s: %(title)s") % said
    return f"{told} ({data['why']})" if data["why"] else told


def _proposed(data: Data) -> str:
    return _("All alerts have resolved. Is the incident over?")


def _withdrawn(data: Data) -> str:
    return _("A new alert came: the proposal to resolve is withdrawn.")


def _absorbed(data: Data) -> str:
    return _("#%(number)s was a duplicate and is merged into this one: %(title)s") % data


def _released(data: Data) -> str:
    return _("#%(number)s is on its own again: %(title)s") % data


def _alert_moved(data: Data) -> str:
    return _("Alert moved from #%(from)s to #%(to)s: %(title)s") % data


TELLERS: dict[str, Callable[[Data], str]] = {
    "alert": _alert,
    "alert_resolved": _alert_resolved,
    "flapping": _flapping,
    "silenced": _silenced,
    "resolution_proposed": _proposed,
    "proposal_withdrawn": _withdrawn,
    "absorbed": _absorbed,
    "released": _released,
    "alert_moved": _alert_moved,
}
