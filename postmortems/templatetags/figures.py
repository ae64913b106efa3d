from dataclasses import replace

from django import template
from django.utils.html import format_html

from postmortems.domain.figures.estimates import Figure
from postmortems.figures import words
from postmortems.figures.screen import Asked
from teams.models import Service

register = template.Library()


@register.simple_tag
def figure(one: Figure) -> str:
    """The value, and between what it may as well be; or that too little is known."""
    if one.value is None:
        return format_html('<span class="faint">{}</span>', words.said(one))
    bounds = words.bounds(one)
    told = format_html(' <span class="small muted num">{}</span>', bounds) if bounds else ""
    return format_html('<span class="num">{}</span>{}', words.said(one), told)


@register.simple_tag
def seconds(count: float | None) -> str:
    return "–" if count is None else words.length(count)


@register.simple_tag
def share_of(percent: float) -> str:
    """As a width, which a comma would break."""
    return f"{min(100.0, abs(percent)):.2f}"


@register.simple_tag
def rest_of(percent: float) -> str:
    return f"{100 - percent:.2f}"


@register.simple_tag
def querystring_of(asked: Asked, service: Service) -> str:
    """The same time of this service alone."""
    return replace(asked, service=service).query()
