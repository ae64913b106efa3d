"""What applying a policy would do to each incident that is not over."""

from collections.abc import Iterator
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.models import EscalationPolicy, Incident, SeverityPolicy
from incidents.services.publishing import running

SHOWN: Final = 50


def outlook(policy: EscalationPolicy) -> SafeString:
    rows = running(policy).select_related("escalation__policy").order_by("severity", "-number")
    incidents = list(rows[: SHOWN + 1])
    if not incidents:
        return format_html("{}", _("None: no incident that is not over has to do with it."))
    return format_html(
        "<ul>{}</ul>", format_html_join("", "<li>{}</li>", _lines(policy, incidents))
    )


def _lines(
    policy: EscalationPolicy, incidents: list[Incident]
) -> Iterator[tuple[SafeString | str]]:
    named = {
        row.severity: row.escalation for row in SeverityPolicy.objects.select_related("escalation")
    }
    for incident in incidents[:SHOWN]:
        yield (
            format_html(
                '<a href="{}">#{} {}</a> · {} · {}',
                incident.get_absolute_url(), incident.number, incident.heading, incident.severity,
                _fate(policy, incident, named[incident.severity]),
            ),
        )  # fmt: skip
    if len(incidents) > SHOWN:
        yield (_("… and more"),)


def _fate(policy: EscalationPolicy, incident: Incident, named: EscalationPolicy | None) -> str:
    """What it follows, and what becomes of that."""
    now, newest = incident.escalation, policy.current
    said: dict[str, object] = {"new": newest.number if newest else 0}
    if now is None:
        return _("calls its team at once; applying begins with version %(new)s") % said
    if now.policy_id != policy.pk:
        said["name"] = now.policy.name
        return _("under “%(name)s”; applying begins with version %(new)s of this one") % said
    said["old"] = now.number
    if now == newest:
        fate = _("follows version %(new)s, the newest") % said
    else:
        fate = _("follows version %(old)s; applying moves it to version %(new)s") % said
    return fate if named == policy else f"{fate} · {_elsewhere(named)}"


def _elsewhere(named: EscalationPolicy | None) -> str:
    if named is None:
        return _("its severity names no policy now: it keeps this one until its severity changes")
    return _("its severity names “%(name)s” now: apply that one and it follows it") % {
        "name": named.name
    }
