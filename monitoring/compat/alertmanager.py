"""Alertmanager's API v2 below an integration's address, so that amtool and its like work.

A sender sees its own alerts and every silence that holds for them; it changes its own silences only.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from core import clock
from core.errors import Refused
from monitoring.compat.calling import asked
from monitoring.domain.matching import BadMatcher, Matcher, all_fit, read_json, read_lines
from monitoring.door import LIMIT, parsed
from monitoring.models import Alert, Integration, QuietQuerySet, Silence
from monitoring.services import end_early, silence, update_silence
from monitoring.source import Answer, flat, moment, text

SHOWN_FOR: Final = timedelta(days=5)  # Alertmanager's own retention of silences that are over
MOST: Final = 5_000
VERSION: Final = ("branch", "buildDate", "buildUser", "goVersion", "revision")


@asked("GET")
def healthy(request: HttpRequest, integration: Integration) -> Answer:
    return Answer(200, "OK")


@asked("GET")
def status(request: HttpRequest, integration: Integration) -> Answer:
    since = integration.created_at.isoformat()
    said = {
        "cluster": {"name": "", "status": "disabled", "peers": []},
        "config": {"original": ""},
        "uptime": since,
        "versionInfo": dict.fromkeys(VERSION, "") | {"version": "bongsu"},
    }
    return Answer(200, said)


@asked("GET")
def receivers(request: HttpRequest, integration: Integration) -> Answer:
    return Answer(200, [{"name": integration.name}])


@asked("GET")
def alerts(request: HttpRequest, integration: Integration) -> Answer:
    try:
        found = _alerts(request, integration)
    except BadMatcher as bad:
        return Answer(400, str(bad))
    return Answer(200, [_alert(alert) for alert in found])


@asked("GET")
def groups(request: HttpRequest, integration: Integration) -> Answer:
    try:
        found = _alerts(request, integration)
    except BadMatcher as bad:
        return Answer(400, str(bad))
    by: dict[str, list[Alert]] = {}
    for alert in found:
        by.setdefault(alert.known_labels["alertname"], []).append(alert)
    return Answer(200, [_group(name, members) for name, members in sorted(by.items())])


@asked("GET", "POST")
def silences(request: HttpRequest, integration: Integration) -> Answer:
    if request.method == "POST":
        return _posted(request, integration)
    at = clock.now()
    try:
        wanted = _filters(request)
    except BadMatcher as bad:
        return Answer(400, str(bad))
    rows = _seen_by(integration).in_force_since(at - SHOWN_FOR).order_by("-ends_at")[:MOST]
    return Answer(200, [_silence(row, at) for row in rows if _is_about(row.parsed, wanted)])


@asked("GET", "DELETE")
def one_silence(request: HttpRequest, integration: Integration, *, pk: UUID) -> Answer:
    row, at = _seen_by(integration).filter(pk=pk).first(), clock.now()
    if row is None:
        return Answer(404, f"silence {pk} not found")
    if request.method == "GET":
        return Answer(200, _silence(row, at))
    if row.integration_id != integration.pk:
        return Answer(403, "this silence was made in the portal: end it there")
    end_early(row, at=at)
    return Answer(200)


def _posted(request: HttpRequest, integration: Integration) -> Answer:
    said, _ = parsed(request.read(LIMIT))
    if not isinstance(said, dict):
        return Answer(400, "the body must be a JSON object")
    try:
        made = _made(said, integration, clock.now())
    except (BadMatcher, Refused) as wrong:
        return Answer(400, str(wrong))
    return Answer(200, {"silenceID": str(made.pk)}) if made else Answer(404, "silence not found")


def _made(said: dict[str, Any], integration: Integration, at: datetime) -> Silence | None:
    """None when it is to replace a silence that is not there. Raises BadMatcher or Refused."""
    matchers = read_json(said.get("matchers"))
    starts_at, ends_at = moment(said.get("startsAt")) or at, moment(said.get("endsAt")) or at
    facts: dict[str, Any] = {
        "starts_at": starts_at, "ends_at": ends_at, "comment": text(said.get("comment"), 2000),
        "created_by": text(said.get("createdBy"), 150), "at": at,
    }  # fmt: skip
    if not said.get("id"):
        return silence(matchers, integration=integration, **facts)
    pk = _uuid(said["id"])
    old = integration.silences.filter(pk=pk).first() if pk else None
    return update_silence(old, matchers, **facts) if old else None


def _uuid(given: object) -> UUID | None:
    try:
        return UUID(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _seen_by(integration: Integration) -> QuietQuerySet:
    return Silence.objects.filter(Q(integration=integration) | Q(integration=None))


def _filters(request: HttpRequest) -> list[Matcher]:
    return [matcher for line in request.GET.getlist("filter") for matcher in read_lines(line)]


def _is_about(matchers: Sequence[Matcher], wanted: Sequence[Matcher]) -> bool:
    return all_fit(wanted, {matcher.name: matcher.value for matcher in matchers})


def _alerts(request: HttpRequest, integration: Integration) -> list[Alert]:
    wanted, rows = (
        _filters(request),
        integration.alerts.open().select_related("integration", "window"),
    )
    for name, quiet in (("active", False), ("silenced", True)):
        if request.GET.get(name) == "false":
            rows = rows.filter(muted_until__isnull=quiet)
    return [alert for alert in rows[:MOST] if all_fit(wanted, alert.known_labels)]


def _alert(alert: Alert) -> dict[str, Any]:
    quiet = alert.muted_until is not None
    silenced = [str(alert.silence_id)] if quiet and alert.silence_id else []
    inhibited = [str(alert.because_of_id)] if quiet and alert.because_of_id else []
    notes = {"summary": alert.title, "description": alert.description}
    ends = alert.expires_at or alert.last_seen_at + timedelta(minutes=5)
    return {
        "annotations": flat(notes | {"runbook_url": alert.runbook_url}),
        "labels": alert.known_labels, "fingerprint": alert.key, "generatorURL": alert.url,
        "startsAt": alert.started_at.isoformat(), "endsAt": ends.isoformat(),
        "updatedAt": alert.last_seen_at.isoformat(), "receivers": [{"name": alert.integration.name}],
        "status": {
            "state": "suppressed" if quiet else "active", "silencedBy": silenced,
            "inhibitedBy": inhibited, "mutedBy": [alert.window.name] if quiet and alert.window else [],
        },
    }  # fmt: skip


def _group(name: str, members: list[Alert]) -> dict[str, Any]:
    receiver = {"name": members[0].integration.name}
    alerts = [_alert(alert) for alert in members]
    return {"labels": {"alertname": name}, "receiver": receiver, "alerts": alerts}


def _silence(row: Silence, at: datetime) -> dict[str, Any]:
    return {
        "id": str(row.pk), "status": {"state": row.state(at)}, "matchers": row.matchers,
        "startsAt": row.starts_at.isoformat(), "endsAt": row.over_at.isoformat(),
        "updatedAt": (row.expired_at or row.created_at).isoformat(),
        "createdBy": row.created_by, "comment": row.comment,
    }  # fmt: skip
