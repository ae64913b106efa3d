from django import template

from core.charts.units import said
from core.templatetags.bongsu import trx

register = template.Library()
register.filter("trx", trx)


@register.filter
def amount(energy: float | None) -> str:
    """Energy as it is said: 12.3 M."""
    return said(energy, "")


@register.filter
def percent(value: float | None) -> str:
    """One place, and never rounded up to what it is not: 4.99 is 4.9."""
    return "–" if value is None else f"{int(value * 10) / 10:.1f}"


@register.filter
def short_address(address: str) -> str:
    return f"{address[:4]}…{address[-4:]}"
