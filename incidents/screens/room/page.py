"""The incident room: what is broken, who is on it, what is next and by when. A panel, a module."""

from datetime import datetime
from typing import Any

from incidents import services
from incidents.domain.story import Reading
from incidents.models import Incident, SeverityPolicy
from incidents.registry import Link, aftermath, sections
from incidents.screens.clock import resolution_clock, response_clock
from incidents.screens.room.alerts import alerts, charts, how_many, linked
from incidents.screens.room.changes import changes
from incidents.screens.room.due import due, next_call
from incidents.screens.room.facts import facts, phases
from incidents.screens.room.moves import moves, severities
from incidents.screens.room.people import people
from incidents.screens.room.related import related
from incidents.screens.room.roles import near, seats
from incidents.screens.room.stakeholders import stakeholders
from incidents.screens.room.tasks import tasks
from incidents.screens.room.team import team
from incidents.screens.room.timeline import chips, moments, older, timeline
from incidents.screens.room.viewer import Viewer
from incidents.services.asking import Answers
from incidents.services.joining import attendance_of
from notifications.queries import pages_about
from teams.domain.roles import Action


def room(
    incident: Incident, viewer: Viewer, answers: Answers, reading: Reading, *, at: datetime
) -> dict[str, Any]:
    """The template's context; the same for the page and for its live parts."""
    policies = {row.severity: row for row in SeverityPolicy.objects.all()}
    names = {severity: row.name for severity, row in policies.items()}
    clocks = [response_clock(incident, at=at), resolution_clock(incident, at=at)]
    offered = moves(incident, viewer)
    parts = [part for name in sections for part in sections[name].parts(incident, viewer, at=at)]
    return {
        "incident": facts(incident, names),
        "phases": phases(incident),
        "clocks": clocks,
        "due": due(incident, clocks, at),
        "next_call": next_call(incident, at, viewer),
        "main_action": offered[0] if offered else None,
        "actions": offered[1:],
        "severity_choices": severities(names, viewer, incident),
        "suggested": services.open_suggestion(incident),
        "can_write": viewer.may(Action.RESPOND),
        "can_command": viewer.may(Action.COMMAND),
        "urgent_parts": [part for part in parts if part.urgent],
        "parts": [part for part in parts if not part.urgent],
        **_who(incident, policies.get(incident.severity), viewer, answers, at),
        **_what(incident, at),
        **_story(incident, reading),
        "postmortem": _aftermath(incident, viewer),
    }


def _who(
    incident: Incident,
    policy: SeverityPolicy | None,
    viewer: Viewer,
    answers: Answers,
    at: datetime,
) -> dict[str, Any]:
    pages, deeds = pages_about(incident.topic), answers.deeds
    attended = attendance_of(incident, pages, deeds)
    paged = people(incident, pages, at, deeds=deeds, waiting=answers.waiting)
    concerned = stakeholders(incident, at=at)
    return {
        "seats": seats(incident, policy, viewer, near(incident, attended)),
        "team": team(incident, attended, pages, viewer),
        "people": paged,
        "people_answered": sum(each.state in ("answered", "here") for each in paged),
        "asked": viewer.asked and viewer.may(Action.RESPOND),
        "can_call": viewer.commands and incident.is_open,
        "stakeholders": concerned,
        "waiting": any(group.waiting_since for group in concerned),
    }


def _what(incident: Incident, at: datetime) -> dict[str, Any]:
    """What is broken, what was changed, and what there is to do about it."""
    links, to_do = linked(incident), tasks(incident, at)
    return {
        "alerts": alerts(links),
        "charts": charts(incident, links, at=at),
        "alert_count": how_many(incident, links),
        "changes": changes(incident, at),
        "related": related(incident),
        "tasks": to_do,
        "tasks_done": sum(task.done_at is not None for task in to_do),
        "evidence": list(incident.evidence.select_related("by")),
    }


def _story(incident: Incident, reading: Reading) -> dict[str, Any]:
    pinned, merged = incident.pinned, list(incident.merged.order_by("number"))
    story = timeline(incident, reading, pinned, merged)
    return {
        "reading": reading,
        "merged": merged,
        "timeline": story.lines,
        "story": story,
        "older": older(reading, story),
        "moments": moments(incident, reading, pinned),
        "shown": {line.seq for line in story.lines if line.number is None},
        "chips": chips(reading, merged),
    }


def older_lines(incident: Incident, viewer: Viewer, reading: Reading) -> dict[str, Any]:
    """The next page of what happened before, below what the reader has."""
    story = timeline(incident, reading, incident.pinned, list(incident.merged.order_by("number")))
    return {
        "incident": incident,
        "reading": reading,
        "timeline": story.lines,
        "older": older(reading, story),
        "can_write": viewer.may(Action.RESPOND),
    }


def _aftermath(incident: Incident, viewer: Viewer) -> Link | None:
    links = (aftermath[name].link(incident, viewer) for name in aftermath)
    return next((link for link in links if link), None)
