from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core import durations
from statuspage import wording
from statuspage.domain.board import Day, Past
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import NoticeFacts, Text, in_words
from statuspage.domain.snapshot import moment as at
from statuspage.domain.states import State
from statuspage.domain.uptime import Tally

register = template.Library()


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
def body(text: Text) -> str:
    words, language = in_words(text, get_language() or "ko")
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
def day(of: Day) -> str:
    return wording.day(of)


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


@register.filter
def named(keys: list[str], names: dict[str, Text]) -> str:
    known = [(said(names[one]),) for one in keys if one in names]
    return format_html_join(" · ", "{}", known)


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
