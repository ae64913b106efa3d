from datetime import UTC, datetime

from django import template

from monitoring.domain.rules import Firing
from monitoring.domain.rules.wording import figure as figured
from monitoring.rule_words import EXPLAINED, spell

register = template.Library()


@register.filter
def figure(value: float) -> str:
    return figured(value)


@register.filter
def unlocalized(value: float) -> str:
    """As SVG reads numbers, in whatever language."""
    return f"{value:g}"


@register.filter
def from_seconds(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@register.simple_tag
def lasted(firing: Firing, until: datetime) -> str:
    return spell((firing.ended_at or until.timestamp()) - firing.fired_at)


@register.simple_tag
def explained(kind: str) -> str:
    return str(EXPLAINED.get(kind, ""))
