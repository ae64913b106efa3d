"""From the incident and its postmortem to the plain record that is printed."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core import durations
from core.bilingual import in_language
from incidents.models import Event, Incident, SeverityPolicy
from incidents.narration import narrate
from postmortems.domain.causes import Answer, tree, walk
from postmortems.domain.report import Action, Entry, Figure, Phase, Report, Why
from postmortems.impact import answered, impact
from postmortems.measured import measured
from postmortems.models import ActionItem, Postmortem, Version

IMPORTANT = {"alert", "declared", "escalated", "severity", "resolution_missed", "note"}


def report_of(
    postmortem: Postmortem, *, language: str, digest: str, version: Version | None = None
) -> Report:
    """Everything the PDF shows. Of a frozen version also nothing that came after it.

    What people wrote stays in the language they wrote it in; where there is a summary in both, it follows.
    """
    with translation.override(language):
        return _report(postmortem, language, digest, version)


def _report(
    postmortem: Postmortem, language: str, digest: str, version: Version | None
) -> Report:  # fmt: skip
    incident = postmortem.incident
    policy = SeverityPolicy.objects.filter(severity=incident.severity).first()
    commander = incident.commander or incident.acknowledged_by
    return Report(
        number=incident.number,
        title=incident.heading,
        language=language,
        timezone=settings.TIME_ZONE,
        company=settings.COMPANY,
        severity=incident.severity,
        severity_name=policy.name if policy else "",
        began=incident.started_at or incident.detected_at,
        written=version.at if version else postmortem.updated_at,
        version=version.number if version else postmortem.version,
        version_hash=version.hash if version else digest,
        services=tuple(service.name for service in incident.services.all()),
        summary=in_language(postmortem.summary_ko, postmortem.summary_en, language),
        figures=tuple(_figures(postmortem)),
        phases=tuple(_phases(incident)),
        entries=tuple(_entries(incident, until=version.at if version else None)),
        curves=tuple(measured(incident)),
        impact=tuple(impact(postmortem)),
        response=tuple(answered(incident)),
        whys=tuple(_whys(postmortem)),
        contributing_factors=_lines(postmortem.contributing_factors),
        lessons=_lines(postmortem.lessons),
        went_well=_lines(postmortem.went_well),
        went_badly=_lines(postmortem.went_badly),
        got_lucky=_lines(postmortem.got_lucky),
        actions=tuple(_actions(postmortem, version)),
        commander=commander.name if commander else "",
        author=postmortem.author.name if postmortem.author else "",
        approved=_approved(postmortem),
        drill=incident.drill,
        url=f"{settings.BASE_URL}{incident.get_absolute_url()}",
    )


def _figures(postmortem: Postmortem) -> Iterator[Figure]:
    incident = postmortem.incident
    end = incident.resolved_at or incident.detected_at
    zone = ZoneInfo(settings.TIME_ZONE)
    began, over = incident.detected_at.astimezone(zone), end.astimezone(zone)
    yield Figure(
        label=_("Duration"),
        parts=_parts(end - incident.detected_at),
        note=f"{began:%H:%M:%S}–{over:%H:%M:%S}",
    )
    yield _counted(_("Users affected"), postmortem.users_affected, pgettext("unit", "people"))
    yield _counted(
        _("Withdrawals delayed"), postmortem.withdrawals_delayed, pgettext("unit", "withdrawals")
    )
    answered, answer_due = incident.acknowledged_at, incident.respond_by
    yield _promised(
        _("To acknowledge"), incident, answered, answer_due, missed=incident.response_breached
    )
    yield _promised(_("To resolve"), incident, incident.resolved_at, incident.resolve_by)


def _counted(label: str, count: int | None, unit: str) -> Figure:
    if count is None:
        return Figure(label=label, note=_("To be filled in"))
    return Figure(label=label, parts=((f"{count:,}", unit),))


def _promised(
    label: str, incident: Incident, done: datetime | None, due: datetime, *, missed: bool = False
) -> Figure:
    if done is None:
        return Figure(label=label, note=_("To be filled in"))
    kept = done <= due and not missed
    if missed:  # the deadline moved each time it was sent up; the first one is what was promised
        return Figure(
            label=label,
            parts=_parts(done - incident.detected_at),
            note=_("sent up before anybody answered"),
            good=False,
        )
    target = _("target %(time)s") % {"time": _words(due - incident.detected_at, most=1)}
    return Figure(label=label, parts=_parts(done - incident.detected_at), note=target, good=kept)


def _phases(incident: Incident) -> Iterator[Phase]:
    """What is known of when each phase ended; a phase without an end of its own is left out."""
    began = incident.started_at or incident.detected_at
    ends = [
        ("detect", incident.detected_at),
        ("acknowledge", incident.acknowledged_at),
        ("mitigate", incident.mitigated_at),
        ("resolve", incident.resolved_at),
    ]
    for kind, end in ends:
        if end is not None and end > began:
            yield Phase(kind=kind, start=began, end=end)  # type: ignore[arg-type]
            began = end


def _entries(incident: Incident, *, until: datetime | None) -> Iterator[Entry]:
    pinned = incident.pinned
    for event in incident.timeline.order_by("at", "seq"):
        if until is None or (event.written_at or event.at) <= until:
            yield _entry(event, pinned=event.seq in pinned)


def _entry(event: Event, *, pinned: bool) -> Entry:
    return Entry(
        at=event.at,
        text=_told(event),
        actor=event.actor,
        phase_change=event.kind in {"status", "declared"} or event.seq == 1,
        important=pinned or event.kind in IMPORTANT,
    )


def _told(event: Event) -> str:
    """What was written later than it happened says so."""
    if event.written_at is None:
        return narrate(event)
    written = timezone.localtime(event.written_at, ZoneInfo(settings.TIME_ZONE))
    return _("%(text)s (written %(time)s)") % {
        "text": narrate(event),
        "time": f"{written:%m-%d %H:%M}",
    }


def _whys(postmortem: Postmortem) -> Iterator[Why]:
    """From the top down; whoever wrote none is asked for them."""
    rows = {row.pk: row for row in postmortem.whys.prefetch_related("evidence")}
    causes = tree(Answer(row.pk, row.parent_id, row.answer) for row in rows.values())
    for cause in walk(causes):
        cited = rows[cause.answer.key].evidence.all()
        said = [(in_language(one.said_ko, one.said_en), one.url) for one in cited]
        yield Why(
            question=_("And why was that?") if cause.depth else _("Why did it happen?"),
            answer=cause.answer.text,
            evidence=" · ".join(words for words, _url in said),
            sources=tuple((words, f"{settings.BASE_URL}{url}") for words, url in said),
            depth=cause.depth,
        )
    if not causes:
        yield Why(question=_("Why did it happen?"))


def _actions(postmortem: Postmortem, version: Version | None) -> Iterator[Action]:
    """As they were when the version was frozen: what is done since is on the board."""
    if version:
        yield from map(_kept, version.content["actions"])
        return
    for item in postmortem.actions.accepted().select_related("person", "team"):
        yield Action(
            kind=item.kind,  # type: ignore[arg-type]
            text=item.description,
            owner=item.owned_by,
            due=item.due_date,
            priority=item.priority,  # type: ignore[arg-type]
            done=item.status == ActionItem.Progress.DONE,
        )


def _kept(said: Mapping[str, Any]) -> Action:
    return Action(
        kind=said["kind"],
        text=said["description"],
        owner=said["owner"],
        due=date.fromisoformat(said["due"]),
        priority=said["priority"],
        done=said["status"] == ActionItem.Progress.DONE,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _parts(span: timedelta) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(part.number), part.unit)
        for part in durations.parts(span, language=get_language() or "ko")
    )


def _words(span: timedelta, most: int = 2) -> str:
    return durations.words(span, language=get_language() or "ko", most=most)


def _approved(postmortem: Postmortem) -> str:
    """Empty while its text may change: the cover then says so."""
    if postmortem.is_open:
        return ""
    return f"{timezone.localtime(postmortem.updated_at):%Y-%m-%d %H:%M}"
