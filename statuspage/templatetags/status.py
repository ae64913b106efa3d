from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from statuspage import wording
from statuspage.domain.bars import Run
from statuspage.domain.board import Block, Past, Row
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import NoticeFacts, Text, in_words
from statuspage.domain.snapshot import moment as at
from statuspage.domain.states import State
from statuspage.domain.uptime import Tally
from statuspage.paper import MARKS

register = template.Library()

Pairs = tuple[tuple[str, str], ...]  # a text by language


@register.simple_tag
def said(text: Text, *, plain: bool = False) -> str:
    """In the reader's language; what is only there in another says so to whoever hears it.

    `plain`: where no element may stand (a title, an attribute), in words.
    """
    if plain:
        return conditional_escape(wording.marked(text))
    words, language = in_words(text, get_language() or "ko")
    if language == get_language():
        return conditional_escape(words)
    return format_html('<span lang="{}">{}</span>', language, words)


@register.simple_tag
def body(text: Text, letters: int = 0) -> str:
    """`letters`: no more than these of it."""
    words, language = in_words(text, get_language() or "ko")
    if letters and len(words) > letters:
        words = f"{words[:letters].rstrip()}…"
    return format_html('<div lang="{}">{}</div>', language, _paragraphs(words))


def _paragraphs(words: str) -> SafeString:
    return SafeString(linebreaks(words, autoescape=True))


@register.simple_tag
def state(of: State | str) -> str:
    return str(wording.STATES[of])


@register.simple_tag
def phase(of: str) -> str:
    return str(wording.PHASES[of])


@register.simple_tag
def sentence(of: str) -> str:
    return str(wording.SENTENCES[of])


@register.simple_tag
def day(of: Run) -> str:
    return wording.day(of)


@register.simple_tag
def mark(of: Run) -> SafeString:
    """How a run is drawn; each class is a rule of the sheet. Without any: a day that was well."""
    length = f"n{of.length}" if of.length > 1 else ""
    classes = f"{MARKS.get(of.state, '')} {length}".strip()
    return SafeString(f' class="{classes}"' if classes else "")


@register.simple_tag
def bar(runs: Sequence[Run]) -> SafeString:
    """A group's: in words only how many days were how, for its members' bars say more."""
    if not runs:
        return SafeString("")
    label = f"{_('The last 90 days')}: {wording.counted(runs)}"
    marks = format_html_join("", "<i{}></i>", ((mark(run),) for run in runs))
    return format_html('<p class="days" role="img" aria-label="{}">{}</p>', label, marks)


@register.simple_tag
def group_name(of: Block, alone: bool | str = False, *, plain: bool = False) -> str:
    """A group's name; what is in none has one too, where it stands in a line."""
    if of.name:
        return said(of.name, plain=plain)
    return _("All services") if alone else _("Other services")


@register.simple_tag
def row(of: Row, weights: dict[State, int], level: str) -> SafeString:
    """With its heading's level. Most are as they were on the page before: those are not made again."""
    return _row(
        get_language() or "ko", level, *(tuple(text.items()) for text in (of.name, of.description)),
        of.state, of.runs, wording.availability(of.sums, weights), showcase=of.showcase,
    )  # fmt: skip


@lru_cache(maxsize=4_096)
def _row(
    _language: str, level: str, name: Pairs, description: Pairs, its_state: State,
    runs: tuple[Run, ...], figure: str, *, showcase: bool,
) -> SafeString:  # fmt: skip
    said = {
        "level": level, "name": dict(name), "description": dict(description),
        "its_state": its_state, "runs": runs, "figure": figure, "showcase": showcase,
    }  # fmt: skip
    return SafeString(render_to_string("status/_row.html", said).strip())


@register.simple_tag
def days(of: Past) -> str:
    return wording.days(of)


@register.simple_tag
def availability(sums: Tally, weights: dict[State, int]) -> str:
    return wording.availability(sums, weights)


@register.simple_tag
def figure(of: dict[str, Any] | None) -> str:
    """Of a frozen month; none of a service that was not known then."""
    return wording.percent(of["uptime_hundredths_of_percent"] if of else None)


@register.simple_tag
def percent(hundredths: int | None) -> str:
    return wording.percent(hundredths)


@register.simple_tag
def happened(sums: Tally) -> str:
    return wording.happened(sums)


@register.simple_tag
def reason(of: dict[str, str]) -> str:
    """Why a month was put right: in somebody's words, or by what it was recorded."""
    return said({"ko": of["ko"], "en": of["en"]}) or str(wording.REASONS[of["source"]])


@register.simple_tag
def lasted(notice: NoticeFacts) -> str:
    """From its begin to its end; nothing of what never began."""
    if notice["resolved_at"] is None or notice["phase"] == Phase.CANCELLED:
        return ""
    span = at(notice["resolved_at"]) - at(notice["started_at"])
    return durations.words(max(span, timedelta(0)), language=get_language() or "ko")


@register.simple_tag
def planned(notice: NoticeFacts, zone: str) -> str:
    """When a maintenance is to be; nothing of an incident."""
    if notice["scheduled_for"] is None or notice["scheduled_until"] is None:
        return ""
    return wording.times(at(notice["scheduled_for"]), at(notice["scheduled_until"]), zone)


@register.simple_tag
def named(keys: list[str], names: dict[str, Text], *, most: int | None = None) -> str:
    """`most`: the first so many, and how many more there are."""
    known = [said(names[one]) for one in keys if one in names]
    if most and len(known) > most:
        known[most:] = [_("and %(more)d more") % {"more": len(known) - most}]
    return format_html_join(" · ", "{}", ((one,) for one in known))


@register.simple_tag
def steps(notice: NoticeFacts) -> list[dict[str, Any]]:
    """The road from the first word to the end, and when each part of it was reached."""
    road = ["investigating", "identified", "monitoring", "resolved"]
    if notice["kind"] == "maintenance":
        road = ["scheduled", "in_progress", "completed"]
        if notice["phase"] == Phase.CANCELLED:
            road = ["scheduled", "cancelled"]
    reached: dict[str, str] = {}
    for update in reversed(notice["updates"]):
        if update.get("of"):
            continue  # how far that was which was merged into it
        reached.setdefault(update["phase"], update["at"])
    now = notice["phase"] if notice["phase"] in road else road[-1]
    place = road.index(now)
    return [
        {
            "phase": one,
            "at": reached.get(one),
            "mark": "done" if number < place or one == road[-1] == now else "now" if number == place else "",
        }
        for number, one in enumerate(road)
    ]  # fmt: skip
