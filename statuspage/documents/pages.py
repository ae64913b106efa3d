"""The page for people, once a language: complete without its script, and small."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from statuspage.documents.months import months_of
from statuspage.domain import board, curves
from statuspage.domain.snapshot import (
    WRITTEN_EVERY,
    NoticeFacts,
    Snapshot,
    log,
    moment,
    notices,
    sentence,
    version,
)
from statuspage.domain.snapshot import home as home_of
from statuspage.domain.states import INDICATOR, Impact, Overall, State
from statuspage.registry import Document, documents
from statuspage.subscriber_forms import BEGINNING, picks_of, ways_offered

SCRIPTS: Final = ("status.js", "push.js", "push-worker.js")
STYLES: Final = ("tokens.css", "status.css")
MEASURES: Final = 4  # on the first page, which stays small; all of them have one of their own
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
        whole = _whole(snapshot)
        for language, _name in settings.LANGUAGES:
            with _in(language, snapshot):
                yield from self._in_one(whole, language)

    def _in_one(self, snapshot: Snapshot, language: str) -> Iterator[tuple[str, bytes]]:
        first = language == settings.LANGUAGE_CODE
        home = "status/" if first else f"status/{language}/"
        root = "" if first else "../"  # from the language's home to /status/
        usual = _usual(snapshot, language)
        front = _front(snapshot)
        yield f"{home}index.html", _page("page", front, usual, "", root)
        yield f"{home}widget/index.html", _page("widget", front, usual, "../", root)
        badges = {"badges": _badges(snapshot)}
        yield f"{home}embed/index.html", _page("embed", badges, usual, "../", root)
        past = {"months": board.months(snapshot)}
        yield f"{home}history/index.html", _page("history", past, usual, "../", root)
        closed = {"months": _months(snapshot, language)}
        yield f"{home}months/index.html", _page("months", closed, usual, "../", root)
        if snapshot["measures"]:
            numbers = {"measures": curves.shown(snapshot)}
            yield f"{home}metrics/index.html", _page("metrics", numbers, usual, "../", root)
        wish = ways_offered() | {
            "picks": picks_of(snapshot),
            "chosen": {**BEGINNING, "language": language},
        }
        yield f"{home}subscribe/index.html", _page("subscribe", wish, usual, "../", root)
        for one in [*snapshot["notices"], *snapshot["merged"]]:
            told = home_of(snapshot, one) or one
            said = {"notice": told, "asked": one, "open": told["resolved_at"] is None}
            path = f"{home}incidents/{one['id']}/index.html"
            yield path, _page("notice", said, usual, "../../", root)


def _whole(snapshot: Snapshot) -> Snapshot:
    """Each notice with all that was said of it, also of what was merged into it."""
    told: list[NoticeFacts] = [
        {**one, "updates": log(snapshot, one)} for one in snapshot["notices"]
    ]
    return {**snapshot, "notices": told}


def _usual(snapshot: Snapshot, language: str) -> dict[str, Any]:
    return {
        "page": snapshot["page"],
        "at": moment(snapshot["at"]),
        "version": version(snapshot),
        "minutes": int(WRITTEN_EVERY.total_seconds()) // 60,
        "language": language,
        "folder": "" if language == settings.LANGUAGE_CODE else f"{language}/",
        "languages": [
            (code, "" if code == settings.LANGUAGE_CODE else f"{code}/")
            for code, _name in settings.LANGUAGES
        ],
        "names": {one["id"]: one["name"] for one in snapshot["components"]},
    }


def _front(snapshot: Snapshot) -> dict[str, Any]:
    said = Overall(sentence(snapshot))
    going_on = list(notices(snapshot, "incident", going_on=True))
    return {
        "sentence": said.name,
        "indicator": INDICATOR[said],
        "level": LEVELS[INDICATOR[said]],
        "incidents": going_on,
        "maintenances": _coming(snapshot),
        "blocks": board.blocks(snapshot),
        "weights": {State(key): weight for key, weight in snapshot["page"]["weights"].items()},
        "past": board.history(snapshot),
        "measures": curves.shown(snapshot, height=curves.LOW)[:MEASURES],
    }


def _badges(snapshot: Snapshot) -> list[dict[str, Any]]:
    components = [
        {"name": one["name"], "path": f"components/{one['id']}.svg"}
        for one in snapshot["components"]
    ]
    return [{"name": snapshot["page"]["name"], "path": "badge.svg"}, *components]


def _coming(snapshot: Snapshot) -> list[NoticeFacts]:
    found = notices(snapshot, "maintenance", going_on=True)
    return sorted(found, key=lambda one: one["scheduled_for"] or "")


def _page(
    name: str, context: Mapping[str, Any], usual: Mapping[str, Any], up: str, root: str
) -> bytes:
    """`up` leads to the language's home, `top` to /status/: relative, so that any host may serve it."""
    paths = {"up": up or "./", "top": (up + root) or "./"}
    return render_to_string(f"status/{name}.html", {**usual, **context, **paths}).encode()


_kept: dict[str, tuple[str, SafeString]] = {}  # by language: until which entry, and the text


def _months(snapshot: Snapshot, language: str) -> SafeString:
    """What is frozen is written once a process, and not again with every change."""
    newest = snapshot["ledger"][-1]["hash"] if snapshot["ledger"] else ""
    kept = _kept.get(language)
    if kept is None or kept[0] != newest:
        text = render_to_string("status/_months.html", {"months": months_of(snapshot)})
        kept = _kept[language] = (newest, text)
    return kept[1]


@contextmanager
def _in(language: str, snapshot: Snapshot) -> Iterator[None]:
    zone = ZoneInfo(snapshot["page"]["time_zone"])
    with translation.override(language), timezone.override(zone):
        yield
