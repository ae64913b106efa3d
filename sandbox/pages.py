"""The inbox as a person would read it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import ClassVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandbox.cards import card
from sandbox.inbox import Query, Receipt
from sandbox.panel import broken, panel
from sandbox.reading import query_of
from sandbox.settings import HOST, Settings
from sandbox.words import LANGUAGES, language_for
from sandbox.world import Party, World

FOLDER = Path(__file__).parent / "static"
PAGE = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
FILES = {"sandbox.css": "text/css", "sandbox.js": "text/javascript"}
PAGE_SIZE = 50
CURRENT = ' aria-current="true"'
TABS = ("", "email", "slack", "sms", "voice", "webhook", "refused")
# Inline styles are allowed for the mails, whose frames inherit this; scripts and pictures are not.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class View:
    """What the reader chose to see."""

    query: Query
    chosen_language: str
    words: Mapping[str, str]
    language: str

    def link(self, **changes: str) -> str:
        given = {"channel": self.query.channel, "to": self.query.to, "lang": self.chosen_language}
        kept = {name: value for name, value in (given | changes).items() if value}
        return f"/?{urlencode(kept)}" if kept else "/"


class Pages(Party):
    files: ClassVar = {name: (FOLDER / name).read_bytes() for name in FILES}

    def routes(self) -> list[Route]:
        return [Route("/", self.page), Route("/static/{name}", self.file)]

    async def page(self, request: Request) -> Response:
        version = f"{self.world.inbox.changes}-{self.world.faults.changes}"
        if request.query_params.get("seen") == version:
            return Response(status_code=204)
        filled = PAGE.substitute(_page(self.world, _view(request)), version=version)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(filled, headers=headers)

    async def file(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self.files:
            raise HTTPException(404)
        return Response(self.files[name], media_type=FILES[name])


def _view(request: Request) -> View:
    wished = request.query_params.get("lang", "")
    language = language_for(wished, request.headers.get("accept-language", ""))
    query = replace(query_of(request), limit=PAGE_SIZE)
    return View(query, wished if wished in LANGUAGES else "", LANGUAGES[language], language)


def _page(world: World, view: View) -> dict[str, str]:
    words = {f"w_{name}": escape(word) for name, word in view.words.items()}
    receipts, faults = _receipts(world, view.query), world.faults.all()
    total = sum(world.inbox.count_by_channel().values())
    return words | {
        "lang": view.language,
        "languages": _languages(view),
        "total": escape(view.words["pieces"].format(n=f"{total:,}")),
        "tabs": _tabs(world, view),
        "hidden": _hidden(view),
        "command": _command(view),
        "to": escape(view.query.to),
        "cards": _cards(receipts, view) or _nothing(world.settings, view),
        "live": "" if view.query.before else " data-news",
        "pager": _pager(receipts, view),
        "panel": panel(faults, view.words),
        "broken": str(broken(faults) or ""),
    }


def _receipts(world: World, query: Query) -> list[Receipt]:
    if query.channel != "refused":
        return world.inbox.find(query)[::-1]
    anywhere = replace(query, channel="")
    return [each for each in reversed(world.inbox.refused) if anywhere.matches(each)][:PAGE_SIZE]


def _cards(receipts: list[Receipt], view: View) -> str:
    now = datetime.now().astimezone()
    return "".join(card(each, view.words, now=now) for each in receipts)


def _tabs(world: World, view: View) -> str:
    counts = world.inbox.count_by_channel()
    counts |= {"": sum(counts.values()), "refused": len(world.inbox.refused)}
    return "".join(_tab(each, counts.get(each, 0), view) for each in TABS)


def _tab(channel: str, count: int, view: View) -> str:
    current = CURRENT if channel == view.query.channel else ""
    return (
        f'<a href="{escape(view.link(channel=channel))}"{current}>'
        f"{escape(view.words[channel or 'all'])} "
        f'<span class="num" id="count-{channel}" data-live>{count:,}</span></a>'
    )


def _languages(view: View) -> str:
    return "".join(
        f'<a href="{escape(view.link(lang=code))}" lang="{code}"'
        f"{CURRENT if code == view.language else ''}>{name}</a>"
        for code, name in {"ko": "한국어", "en": "English"}.items()
    )


def _hidden(view: View) -> str:
    kept = {"channel": view.query.channel, "lang": view.chosen_language}
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in kept.items()
        if value
    )


def _command(view: View) -> str:
    """Where a person in Slack types; only there."""
    if view.query.channel != "slack":
        return ""
    return (
        '<form class="answer" method="post" action="/slack/command"><b>/bongsu</b>'
        f'<input name="text" placeholder="{escape(view.words["command"])}" '
        f'aria-label="{escape(view.words["command"])}">'
        f'<input class="who" name="user" required pattern="[UW][A-Z0-9]{{2,}}" value="U0000003" '
        f'aria-label="{escape(view.words["who"])}">'
        f'<button class="btn">{escape(view.words["send"])}</button></form>'
    )


def _pager(receipts: list[Receipt], view: View) -> str:
    links = []
    if view.query.before:
        links.append((view.link(), view.words["newest"]))
    if len(receipts) == PAGE_SIZE:
        links.append((view.link(before=str(receipts[-1].id)), view.words["older"]))
    return "".join(f'<a class="btn" href="{escape(href)}">{word}</a>' for href, word in links)


def _nothing(settings: Settings, view: View) -> str:
    words = view.words
    if view.query != Query(limit=PAGE_SIZE):
        href = escape(view.link(channel="", to=""))
        return (
            f'<li class="nothing"><h2>{words["nothing_here"]}</h2>'
            f'<a class="btn" href="{href}">{words["show_all"]}</a></li>'
        )
    here = f"http://{HOST}:{settings.port}"
    command = f"curl -d '{{&quot;type&quot;: &quot;hello&quot;}}' {here}/webhook/hello"
    return (
        f'<li class="nothing"><h2>{words["nothing"]}</h2><p>{words["teach"]}</p>'
        f"<pre>{command}</pre><h3>{words['addresses']}</h3><dl>{_addresses(settings, words)}</dl></li>"
    )


def _addresses(settings: Settings, words: Mapping[str, str]) -> str:
    here = f"http://{HOST}:{settings.port}"
    addresses = {
        words["email"]: f"smtp://{HOST}:{settings.smtp_port}",
        words["slack"]: f"{here}/slack/api/",
        f"{words['sms']}, {words['voice']}": f"{here}/twilio/",
        words["webhook"]: f"{here}/webhook/…",
    }
    return "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in addresses.items())
