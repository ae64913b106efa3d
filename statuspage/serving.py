"""The portal serves the tree's own bytes, before any session, language or table is looked at.

Nothing a reader sends but the path chooses what is answered: no header, cookie or query string can change a
cached byte.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from statuspage.tree import Tree
from statuspage.written import SIGN_OF_LIFE

PATHS: Final = ("/status/", "/api/v2/")
FRESH: Final = "public, max-age=30, stale-while-revalidate=60, stale-if-error=86400"
PAGE: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {}"
)
PICTURE: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # it may come from elsewhere
)
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".py": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
# docs/nginx-status.conf says the same; a test holds both against each other.
READ_BY_PROGRAMS: Final = (".json", ".atom", ".rss", ".ics", ".svg")


@dataclass(frozen=True)
class File:
    body: bytes
    type: str
    headers: Mapping[str, str]


class Shelf:
    """The current tree's files as they are asked for; forgotten when `current` leads elsewhere."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._held: tuple[str, dict[str, File]] = ("", {})

    def find(self, path: str) -> File | None:
        try:
            version = os.readlink(self.tree.current)
        except FileNotFoundError:
            return None
        held = self._held
        if held[0] != version:
            held = self._held = (version, {})
        files, folder = held[1], self.tree.root / version
        name = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        if name == SIGN_OF_LIFE:
            return _read(folder, name)
        if name not in files:
            if (found := _read(folder, name)) is None:
                return None  # not remembered: strangers may ask for anything
            files[name] = found
        return files[name]


def _read(folder: Path, name: str) -> File | None:
    path = folder / name
    if ".." in path.parts or not path.is_file():
        return None
    body = path.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    return File(body, TYPES.get(path.suffix, "text/plain"), {"ETag": tag, **_headers(path)})


def _headers(path: Path) -> dict[str, str]:
    said = {
        "Cache-Control": FRESH,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    if path.suffix == ".html":
        framed = "*" if "widget" in path.parts else "'none'"
        said["Content-Security-Policy"] = PAGE.format(framed)
    if path.suffix == ".svg":
        said["Content-Security-Policy"] = PICTURE
    if path.suffix in READ_BY_PROGRAMS:
        said["Access-Control-Allow-Origin"] = "*"
    return said


def answer(request: HttpRequest, shelf: Shelf) -> HttpResponseBase | None:
    """None: it is no file of the tree, and somebody else's."""
    if request.method not in {"GET", "HEAD"} or not (found := shelf.find(request.path_info)):
        return None
    if (
        found.type.startswith("text/html")
        and settings.SECURE_SSL_REDIRECT
        and not request.is_secure()
    ):
        return None  # people are led to https; programs are answered as they ask
    response: HttpResponse
    if found.headers["ETag"] in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(found.body, content_type=found.type)
    for name, value in found.headers.items():
        response[name] = value
    return response
