"""A page of the public tree in one language: what all of them show, and where each stands."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from statuspage.domain.snapshot import WRITTEN_EVERY, Snapshot, moment, version
from statuspage.domain.states import State

MARKS: Final = {  # a state's class in the sheet; without one a day was well
    State.MAINTENANCE: "m", State.DEGRADED: "d", State.PARTIAL: "x", State.MAJOR: "z",
    State.UNKNOWN: "u",
}  # fmt: skip
KEY: Final = [("o", State.OPERATIONAL), *((mark, state) for state, mark in MARKS.items())]


class Paper:
    def __init__(self, snapshot: Snapshot, language: str) -> None:
        first = language == settings.LANGUAGE_CODE
        self.snapshot, self.language = snapshot, language
        self.home = "status/" if first else f"status/{language}/"
        self._root = "" if first else "../"  # from the language's home to /status/
        self._usual = _usual(snapshot, language)

    @contextmanager
    def active(self) -> Iterator[None]:
        """Its language and the page's time zone."""
        zone = ZoneInfo(self.snapshot["page"]["time_zone"])
        with translation.override(self.language), timezone.override(zone):
            yield

    def file(self, folder: str, name: str, context: Mapping[str, Any]) -> tuple[str, bytes]:
        """`folder` below the language's home."""
        return f"{self.home}{folder}index.html", self.page(folder, name, context)

    def files(
        self, folder: str, name: str, context: Mapping[str, Any], parts: Sequence[Sequence[Any]]
    ) -> Iterator[tuple[str, bytes]]:
        """A list on as many pages as it takes: the first in the folder, the others in `2/`, `3/`, …"""
        folders = [folder, *(f"{folder}{number}/" for number in range(2, len(parts) + 1))]
        for here, part in zip(folders, parts, strict=True):
            said = {"part": part, "folders": folders if len(folders) > 1 else ()}
            yield self.file(here, name, {**context, **said})

    def page(self, folder: str, name: str, context: Mapping[str, Any]) -> bytes:
        """`up` leads to the language's home, `top` to /status/: relative, so that any host may serve it."""
        up = "../" * folder.count("/")
        paths = {"up": up or "./", "top": (up + self._root) or "./", "here": folder}
        return render_to_string(f"status/{name}.html", {**self._usual, **context, **paths}).encode()


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
        "weights": {State(key): weight for key, weight in snapshot["page"]["weights"].items()},
        "marks": KEY,
        "names": {one["id"]: one["name"] for one in snapshot["components"]},
    }
