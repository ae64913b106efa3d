"""The portal serves the tree's own bytes, before any session, language or table is looked at.

Nothing a reader sends but the path chooses what is answered: no header, cookie or query string can change a
cached byte.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def said(shelf: Shelf, path: str, method: str, *, has: str, secure: bool) -> Answer | None:
    """None: it is no file of the tree, and somebody else's. `has` is the tag of what the reader kept."""
    if method not in {"GET", "HEAD"} or not (found := shelf.find(path)):
        return None
    if found.type.startswith("text/html") and settings.SECURE_SSL_REDIRECT and not secure:
        return None  # people are led to https; programs are answered as they ask
    if found.headers["ETag"] in has:
        return Answer(304, found.headers, b"")
    length = str(len(found.body))
    headers = {**found.headers, "Content-Type": found.type, "Content-Length": length}
    return Answer(200, headers, found.body if method == "GET" else b"")


def answer(request: HttpRequest, shelf: Shelf) -> HttpResponse | None:
    tag, secure = request.META.get("HTTP_IF_NONE_MATCH", ""), request.is_secure()
    method = request.META["REQUEST_METHOD"]  # as it was sent: Django would take "get" for GET
    if not (found := said(shelf, request.path_info, method, has=tag, secure=secure)):
        return None
    return HttpResponse(found.body, status=found.status, headers=found.headers)


def answer_early(environ: Mapping[str, Any], shelf: Shelf) -> Answer | None:
    """Before Django makes a request of it, which costs ten times as much. What it says of https is Django's to judge."""
    if not environ["PATH_INFO"].startswith(PATHS):
        return None
    tag, method = environ.get("HTTP_IF_NONE_MATCH", ""), environ["REQUEST_METHOD"]
    return said(shelf, environ["PATH_INFO"], method, has=tag, secure=_is_secure(environ))


def _is_secure(environ: Mapping[str, Any]) -> bool:
    trusted = settings.SECURE_PROXY_SSL_HEADER
    return bool(trusted) and environ.get(trusted[0]) == trusted[1]
