"""Components follow the incidents of their services; what is said of those in words, people say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from incidents.models import Incident, IncidentQuerySet, SeverityPolicy
from incidents.services import is_behind
from statuspage.domain.phases import OVER, Phase
from statuspage.domain.states import State
from statuspage.models import Change, Component, Notice, Page
from statuspage.services.holding import hold, say_of
from statuspage.services.saying import PUBLISH, Words, say

Says = Mapping[Component, State]
WELL: Final = frozenset({State.OPERATIONAL})
BATCH: Final = 200  # in memory at once: after a storm thousands are open


def follow(*, at: datetime) -> int:
    """How many notices changed. Only open incidents are looked at, and those whose notice goes on.

    While alerts wait, one incident says that a service is down; the drafts of the others come after the pages.
    """
    page = Page.objects.first()
    if page is None:
        return 0
    shown = dict(SeverityPolicy.objects.values_list("severity", "public_impact"))
    carried = _carried()
    changed = 0
    concerned = _gravest(carried, shown) if is_behind() else _concerned(carried)
    for incident in concerned.iterator(chunk_size=BATCH):
        state = State(shown.get(incident.severity, State.OPERATIONAL))
        services = [one.pk for one in incident.services.all()]
        wanted = {component: state for key in services for component in carried.get(key, ())}
        changed += _follow(incident, wanted, visible=page.follows_at_once, at=at)
    return changed


def _carried() -> dict[int, list[Component]]:
    """By service, the components that stand on it."""
    found = defaultdict[int, list[Component]](list)
    for one in Component.objects.prefetch_related("services"):
        for service in one.services.all():
            found[service.pk].append(one)
    return found


def _concerned(services: Iterable[int]) -> IncidentQuerySet:
    """Their keys first: an *or* between two tables would read every incident there ever was."""
    opened = _opened(services).order_by()
    noted = Notice.objects.going_on().filter(incident__isnull=False).order_by()
    return _read(opened.values("pk").union(noted.values("incident")))


def _gravest(services: Iterable[int], shown: Mapping[str, str]) -> IncidentQuerySet:
    """One of each service, of those that customers would see and that nothing was said of yet."""
    seen = [severity for severity, impact in shown.items() if impact not in WELL]
    silent = _opened(services).filter(notice=None, severity__in=seen)
    return _read(silent.order_by("services__pk", "severity").distinct("services__pk").values("pk"))


def _opened(services: Iterable[int]) -> IncidentQuerySet:
    return Incident.objects.open().filter(drill=False, services__in=list(services))


def _read(keys: QuerySet[Any, Any]) -> IncidentQuerySet:
    rows = Incident.objects.filter(pk__in=keys).select_related("notice")
    return rows.prefetch_related("services", "notice__affected__component")


def _follow(incident: Incident, wanted: Says, *, visible: bool, at: datetime) -> bool:
    notice: Notice | None = getattr(incident, "notice", None)
    if _is_so(notice, incident, wanted):
        return False
    if notice and notice.phase in OVER and notice.published_at:
        _say_it_is_back(notice, wanted, at=at)
        return True
    with transaction.atomic():
        _bring(_held(incident), incident, wanted, visible=visible, at=at)
    return True


def _is_so(notice: Notice | None, incident: Incident, wanted: Says) -> bool:
    """Whether the notice says already what follows from the incident."""
    if notice is None:
        return not incident.is_open or set(wanted.values()) <= WELL
    if notice.phase in OVER:
        return not _came_back(notice, incident)
    said = _said(notice)
    if incident.is_open:
        return notice.by_person or _says(said, wanted) == said
    return notice.published_at is not None and set(said.values()) <= WELL


def _came_back(notice: Notice, incident: Incident) -> bool:
    """Reopened after customers were told, or would have been, that it is over."""
    over = notice.resolved_at
    return incident.is_open and over is not None and incident.clock_since > over


def _say_it_is_back(notice: Notice, wanted: Says, *, at: datetime) -> None:
    words = Words(Phase.INVESTIGATING, _back("ko"), _back("en"), wanted or None)
    say(notice, words, by=None, at=at)


def _back(language: str) -> str:
    with translation.override(language):
        return _("The trouble is back, and we are looking into it.")


def _said(notice: Notice) -> Says:
    return {one.component: State(one.state) for one in notice.affected.all()}


def _says(said: Says, wanted: Says) -> Says:
    """Whatever was once named stays named, and is well."""
    return {**dict.fromkeys(said, State.OPERATIONAL), **wanted}


def _bring(
    notice: Notice, incident: Incident, wanted: Says, *, visible: bool, at: datetime
) -> None:
    if incident.is_open and notice.phase in OVER:
        notice.phase, notice.resolved_at = Phase.INVESTIGATING, None
    say_of(notice, _says(_said(notice), wanted if incident.is_open else {}))
    moved = hold(notice, at=at, visible=visible or notice.published_at is not None)
    notice.impact = notice.impact_with(list(wanted.values()))
    if not incident.is_open and notice.published_at is None:  # nobody was told: it ends in silence
        notice.phase, notice.resolved_at = Phase.RESOLVED, at
    notice.save()
    if moved:
        Change.objects.note("components", at=at)
        nudge(PUBLISH)


def begin(incident: Incident) -> Notice:
    """Its draft, which nobody outside sees: the commander finds it beside the incident."""
    if incident.drill:
        raise Refused(_("A drill is not told to customers."))
    made, is_new = Notice.objects.get_or_create(
        incident=incident,
        defaults={
            "phase": Phase.INVESTIGATING,
            **_titles(incident),
            "started_at": incident.started_at or incident.detected_at,
        },
    )
    if is_new:
        Incident.objects.filter(pk=incident.pk).touch()
    return made


def _titles(incident: Incident) -> dict[str, str]:
    """In both languages where the portal has written it; else somebody adds the other one."""
    if not incident.translations:
        return {"title_ko": incident.title[:255]}
    said = {one: incident.told_in(one).get("title", incident.title) for one in ("ko", "en")}
    return {f"title_{one}": title[:255] for one, title in said.items()}


def _held(incident: Incident) -> Notice:
    return Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=begin(incident).pk)
