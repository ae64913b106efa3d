"""The page for people, once a language: complete without its script, and small."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from statuspage.documents.months import months_of
from statuspage.domain import board, curves, folding
from statuspage.domain.board import NO_GROUP, Block
from statuspage.domain.brief import brief, lately
from statuspage.domain.folding import Front
from statuspage.domain.snapshot import NoticeFacts, Snapshot, affected, log, notices, sentence
from statuspage.domain.snapshot import home as home_of
from statuspage.domain.states import INDICATOR, Impact, Overall
from statuspage.paper import Paper
from statuspage.registry import Document, documents
from statuspage.subscriber_forms import BEGINNING, picks_of, ways_offered

SCRIPTS: Final = ("status.js", "push.js", "push-worker.js")
STYLES: Final = ("tokens.css", "status.css")
MEASURES: Final = 4  # on the first page, which stays small; all of them have one of their own
NAMED: Final = 4  # services in the banner, as long as nobody has written a word
LEVELS: Final = {  # how many fires burn
    Impact.NONE: "calm",
    Impact.MAINTENANCE: "P3",
    Impact.MINOR: "P2",
    Impact.MAJOR: "P1",
    Impact.CRITICAL: "P0",
}


@documents.register("pages")
class Pages(Document):
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        static = Path(settings.BASE_DIR) / "static"
        yield (
            "status/style.css",
            b"\n".join((static / "css" / name).read_bytes() for name in STYLES),
        )
        yield "status/icon.svg", (static / "icon.svg").read_bytes()
        for name in SCRIPTS:
            yield f"status/{name}", (static / "js" / name).read_bytes()
        whole, blocks = _whole(snapshot), board.blocks(snapshot)
        for language, _name in settings.LANGUAGES:
            paper = Paper(whole, language)
            with paper.active():
                yield from _in_one(paper, whole, blocks)


def _in_one(
    paper: Paper, snapshot: Snapshot, blocks: Sequence[Block]
) -> Iterator[tuple[str, bytes]]:
    head = _front(snapshot)
    services = folding.front(blocks, folding.LIMIT - len(paper.page("", "page", head)))
    yield paper.file("", "page", {**head, "services": services})
    yield from _groups(paper, blocks, services)
    yield paper.file("widget/", "widget", head)
    yield from paper.files("embed/", "embed", {}, folding.pages(_badges(snapshot), _size))
    yield paper.file("history/", "history", {"months": board.months(snapshot)})
    yield paper.file("months/", "months", {"months": _months(snapshot, paper.language)})
    if snapshot["measures"]:
        yield paper.file("metrics/", "metrics", {"measures": curves.shown(snapshot)})
    wish = {"picks": picks_of(snapshot), "chosen": {**BEGINNING, "language": paper.language}}
    yield paper.file("subscribe/", "subscribe", ways_offered() | wish)
    for one in [*snapshot["notices"], *snapshot["merged"]]:
        told = home_of(snapshot, one) or one
        said = {"notice": told, "asked": one, "open": told["resolved_at"] is None}
        yield paper.file(f"incidents/{one['id']}/", "notice", said)


def _groups(paper: Paper, blocks: Sequence[Block], front: Front) -> Iterator[tuple[str, bytes]]:
    """A page for each, and one of all of them if the first page has no room for them."""
    for block in blocks:
        if block.id != NO_GROUP or front.is_folded:
            parts = folding.pages(block.rows, folding.of_row)
            said = {"group": block, "alone": len(blocks) == 1}
            yield from paper.files(f"groups/{block.id}/", "group", said, parts)
    if front.unlisted:
        yield from paper.files("groups/", "groups", {}, folding.pages(blocks, folding.of_folded))


def _whole(snapshot: Snapshot) -> Snapshot:
    """Each notice with all that was said of it, also of what was merged into it."""
    told: list[NoticeFacts] = [
        {**one, "updates": log(snapshot, one)} for one in snapshot["notices"]
    ]
    return {**snapshot, "notices": told}


def _front(snapshot: Snapshot) -> dict[str, Any]:
    said = Overall(sentence(snapshot))
    going_on = list(notices(snapshot, "incident", going_on=True))
    ill = affected(snapshot)
    return {
        "sentence": said.name,
        "indicator": INDICATOR[said],
        "level": LEVELS[INDICATOR[said]],
        "incidents": going_on,
        "affected": ill[:NAMED],
        "others": len(ill[NAMED:]),
        "cards": brief(going_on),
        "maintenances": brief(_coming(snapshot)),
        "past": lately(board.history(snapshot)),
        "measures": curves.shown(snapshot, height=curves.LOW)[:MEASURES],
    }


def _badges(snapshot: Snapshot) -> list[dict[str, Any]]:
    components = [
        {"name": one["name"], "path": f"components/{one['id']}.svg"}
        for one in snapshot["components"]
    ]
    return [{"name": snapshot["page"]["name"], "path": "badge.svg"}, *components]


def _size(badge: Mapping[str, Any]) -> int:
    return folding.of_line(badge["name"], ())


def _coming(snapshot: Snapshot) -> list[NoticeFacts]:
    found = notices(snapshot, "maintenance", going_on=True)
    return sorted(found, key=lambda one: one["scheduled_for"] or "")


_kept: dict[str, tuple[str, SafeString]] = {}  # by language: until which entry, and the text


def _months(snapshot: Snapshot, language: str) -> SafeString:
    """What is frozen is written once a process, and not again with every change."""
    newest = snapshot["ledger"][-1]["hash"] if snapshot["ledger"] else ""
    kept = _kept.get(language)
    if kept is None or kept[0] != newest:
        text = render_to_string("status/_months.html", {"months": months_of(snapshot)})
        kept = _kept[language] = (newest, text)
    return kept[1]
