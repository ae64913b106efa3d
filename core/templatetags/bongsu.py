from datetime import datetime, timedelta
from typing import Final

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language

from core import durations, money

register = template.Library()

# Mail programs know no custom properties: the light tokens as hex.
COLOURS: Final = {"P0": "#d0122c", "P1": "#c04e00", "P2": "#8a6500", "P3": "#1d6fa8"}


@register.filter
def moment(value: str | datetime, form: str = "Y-m-d H:i T") -> str:
    """A time in the reader's zone; stored facts carry it as ISO 8601."""
    at = parse_datetime(value) if isinstance(value, str) else value
    return date_format(timezone.localtime(at), form) if at else ""


@register.simple_tag
def when(at: datetime | None, *, seconds: bool = False) -> str:
    """A time on a page: today needs no date, and another day no seconds.

    Lists are full of these, and as a template each would cost ten times as much.
    """
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime()
    if local.date() == today.date():
        form = "%H:%M:%S" if seconds else "%H:%M"
    else:
        form = "%m/%d %H:%M" if local.year == today.year else "%Y/%m/%d %H:%M"
    return format_html(
        '<time class="num" datetime="{}">{}</time>', local.isoformat(), local.strftime(form)
    )


@register.simple_tag
def span(length: timedelta) -> str:
    """How long, in the reader's words."""
    return durations.words(length, language=get_language() or "ko")


@register.filter
def on_clock(length: timedelta) -> str:
    """As the page counts it on: 03:41."""
    return durations.clock(length)


@register.filter
def trx(sun: int | str | None) -> str:
    """Int sun as TRX."""
    return money.trx(sun) if isinstance(sun, int) else "–"  # nothing was measured


@register.filter
def severity_colour(severity: str) -> str:
    return COLOURS.get(severity, "#4b5059")


@register.filter
def beacon(severity: str) -> str:
    """Five fires, lit by gravity: P0 all, P3 two. Read without colour."""
    lit = 5 - int(severity[1:] or 3) if severity[1:].isdigit() else 1
    return "●" * lit + "○" * (5 - lit)
