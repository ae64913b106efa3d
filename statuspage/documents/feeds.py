"""Atom, RSS and JSON Feed of what was said, of the page and of each component; a line an update."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape

from statuspage import wording
from statuspage.domain.snapshot import NoticeFacts, Snapshot, UpdateFacts, in_words, moment
from statuspage.registry import Document, documents

LISTED: Final = 50


@dataclass(frozen=True)
class Entry:
    id: str
    title: str
    text: str
    language: str
    url: str
    at: datetime


@documents.register("feeds")
class Feeds(Document):
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        for language, _name in settings.LANGUAGES:
            first = language == settings.LANGUAGE_CODE
            home = "" if first else f"{language}/"
            with translation.override(language):
                name = wording.marked(snapshot["page"]["name"])
                told = [*snapshot["notices"], *snapshot["merged"]]
                whole = list(_entries(snapshot, told, home))
                since = snapshot["page"]["updated_at"]
                yield from _files(snapshot, f"{home}history", name, whole, since)
                for one in snapshot["components"]:
                    about = [each for each in told if one["id"] in each["components"]]
                    title = f"{name} · {wording.marked(one['name'])}"
                    entries = list(_entries(snapshot, about, home))
                    path = f"{home}components/{one['id']}"
                    yield from _files(snapshot, path, title, entries, one["created_at"])


def _entries(snapshot: Snapshot, notices: Iterable[NoticeFacts], home: str) -> Iterator[Entry]:
    pairs = [(update, one) for one in notices for update in one["updates"]]
    pairs.sort(key=lambda pair: pair[0]["at"], reverse=True)
    for update, notice in pairs[:LISTED]:
        yield _entry(snapshot["page"]["url"], update, notice, home)


def _entry(base: str, update: UpdateFacts, notice: NoticeFacts, home: str) -> Entry:
    text, language = in_words(update["body"], translation.get_language() or "ko")
    phase = wording.PHASES[update["phase"]]
    return Entry(
        f"tag:{base.rsplit('//', maxsplit=1)[-1].split('/', maxsplit=1)[0].split(':', maxsplit=1)[0]},2026:{update['id']}",
        f"[{phase}] {wording.marked(notice['title'])}",
        text,
        language,
        f"{base}/{home}incidents/{notice['id']}/",
        moment(update["at"]),
    )


def _files(
    snapshot: Snapshot, path: str, title: str, entries: list[Entry], since: str
) -> Iterator[tuple[str, bytes]]:
    language = translation.get_language() or "ko"
    base = snapshot["page"]["url"]
    for suffix, kind in (("atom", Atom1Feed), ("rss", Rss201rev2Feed)):
        feed = kind(
            title=title, link=f"{base}/", description=title, language=language,
            feed_url=f"{base}/{path}.{suffix}", feed_guid=f"{base}/{path}.{suffix}",
        )  # fmt: skip
        for one in entries:
            feed.add_item(
                one.title, one.url, f'<div lang="{one.language}">{escape(one.text)}</div>',
                unique_id=one.id, unique_id_is_permalink=False, pubdate=one.at, updateddate=one.at,
            )  # fmt: skip
        yield f"status/{path}.{suffix}", _dated(feed, moment(since)).encode()
    listed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}/{path}.feed.json",
        "language": language,
        "items": [_item(one) for one in entries],
    }
    yield f"status/{path}.feed.json", json.dumps(listed, ensure_ascii=False).encode()


def _dated(feed: Any, since: datetime) -> str:
    """One without entries is as old as what it is of, and the same file in each tree."""
    feed.latest_post_date = lambda: max((one["updateddate"] for one in feed.items), default=since)
    written: str = feed.writeString("utf-8")
    return written


def _item(one: Entry) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "title": one.title,
        "content_text": one.text,
        "date_published": one.at.isoformat(),
        "language": one.language,
    }
