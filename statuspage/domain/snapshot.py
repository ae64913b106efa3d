"""All that the public may see at one moment: plain JSON, so that a page can be written without a database.

Texts are by language, `{"ko": …, "en": …}`; an empty one is read in the other. Times are seconds of the epoch
for intervals, and RFC 3339 in UTC with milliseconds elsewhere, as Statuspage's clients expect them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NotRequired, TypedDict

from statuspage.domain.states import RANK, Impact, State, overall
from statuspage.domain.uptime import Span

SHAPE: Final = 5  # of the document; another is not read
WRITTEN_EVERY: Final = timedelta(
    minutes=10
)  # at least: today's bars and figures grow though nothing happens
Text = dict[str, str]


class PageFacts(TypedDict):
    id: str
    name: Text
    url: str
    time_zone: str
    weights: dict[str, int]
    updated_at: str


class GroupFacts(TypedDict):
    id: str
    name: Text
    position: int
    created_at: str
    updated_at: str


class ComponentFacts(TypedDict):
    id: str
    name: Text
    description: Text
    group: str | None
    position: int
    state: str
    showcase: bool
    only_if_degraded: bool
    since: str
    created_at: str
    updated_at: str
    spans: list[tuple[str, int, int | None]]


class Changed(TypedDict):
    component: str
    name: Text
    old: str
    new: str


class UpdateFacts(TypedDict):
    id: str
    phase: str
    body: Text
    at: str
    created_at: str
    updated_at: str
    told: bool
    changes: list[Changed]
    of: NotRequired[Text]  # the title under which it was said, in another's log


class NoticeFacts(TypedDict):
    id: str
    number: int | None
    severity: str
    kind: str
    title: Text
    phase: str
    impact: str
    impact_override: str
    backfilled: bool
    started_at: str
    created_at: str
    updated_at: str
    monitoring_at: str | None
    resolved_at: str | None
    next_update_by: str | None
    scheduled_for: str | None
    scheduled_until: str | None
    components: list[str]
    says: dict[str, str]  # of components, while it goes on
    updates: list[UpdateFacts]  # the newest first
    merged_into: str | None  # what it is told together with; only of those in `merged`
    is_cut: NotRequired[bool]  # there is more to read than these updates


class CurveFacts(TypedDict):
    step: int  # seconds, from a point to the next
    points: list[tuple[int, float, float, float]]  # at, low, mean, high


class MeasureFacts(TypedDict):
    id: str
    name: Text
    unit: str
    day: CurveFacts
    week: CurveFacts


class Snapshot(TypedDict):
    shape: int
    change: int  # how many public changes it has seen
    emergencies: int  # words since then that no table knows
    at: str
    page: PageFacts
    groups: list[GroupFacts]
    components: list[ComponentFacts]
    notices: list[NoticeFacts]  # the newest first
    merged: list[NoticeFacts]  # parts of others, which are told there
    ledger: list[dict[str, Any]]  # of months that are over, in the order of their digests
    measures: list[MeasureFacts]


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def version(snapshot: Snapshot) -> str:
    """Another one when there is something new to read, not merely another minute."""
    return f"{snapshot['change']}.{snapshot['emergencies']}"


def spans(component: ComponentFacts) -> list[Span]:
    return [Span(State(state), began, ended) for state, began, ended in component["spans"]]


def in_words(text: Text, language: str) -> tuple[str, str]:
    """What to read, and in which language it is: the other one rather than nothing."""
    if text.get(language):
        return text[language], language
    other = next((one for one in text if text[one]), language)
    return text.get(other, ""), other


def notices(
    snapshot: Snapshot, kind: str, *, going_on: bool | None = None
) -> Iterator[NoticeFacts]:
    for one in snapshot["notices"]:
        if one["kind"] == kind and going_on in {None, one["resolved_at"] is None}:
            yield one


def home(snapshot: Snapshot, notice: NoticeFacts) -> NoticeFacts | None:
    """Where it is told: with what it was merged into, or what that was merged into."""
    known = {one["id"]: one for one in (*snapshot["notices"], *snapshot["merged"])}
    found: NoticeFacts | None = notice
    while found and found["merged_into"]:
        found = known.get(found["merged_into"])
    return found


def parts(snapshot: Snapshot, notice: NoticeFacts) -> list[NoticeFacts]:
    """It, and all that was merged into it."""
    return [notice, *(one for one in snapshot["merged"] if home(snapshot, one) is notice)]


def log(snapshot: Snapshot, notice: NoticeFacts) -> list[UpdateFacts]:
    """All that was said of it, the newest first; of its parts, whose it was."""
    said = list(notice["updates"])
    for part in parts(snapshot, notice)[1:]:
        said += [{**update, "of": part["title"]} for update in part["updates"]]
    return sorted(said, key=lambda update: update["at"], reverse=True)


def sentence(snapshot: Snapshot) -> str:
    """The page in one of Statuspage's sentences (`Overall`)."""
    leaves = [State(one["state"]) for one in snapshot["components"]]
    open_now = notices(snapshot, "incident", going_on=True)
    return overall(leaves, (weight(one["impact"], one["impact_override"]) for one in open_now))


def affected(snapshot: Snapshot) -> list[ComponentFacts]:
    """The components that are otherwise than well, the gravest first."""
    ill = [one for one in snapshot["components"] if RANK[State(one["state"])] > RANK[State.UNKNOWN]]
    return sorted(ill, key=lambda one: -RANK[State(one["state"])])


def weight(impact: str, override: str) -> Impact:
    """Of an open incident beside its components: what a person says, or that there is something."""
    if override:
        return Impact(override)
    return Impact.NONE if impact == Impact.NONE else Impact.MINOR
