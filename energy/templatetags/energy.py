from django import template

from core.charts.units import SPACE, said
from energy.domain.measuring import SUN

register = template.Library()


@register.filter
def trx(sun: int | str | None) -> str:
    """Int sun as TRX, the last digits where there is little: 12,400 TRX, 6.5 TRX."""
    if not isinstance(sun, int):  # nothing was measured
        return "–"
    whole, rest = divmod(abs(sun), SUN)
    sign = "\N{MINUS SIGN}" if sun < 0 else ""
    digits = f"{rest:06}"[: 0 if whole >= 1_000 else 2 if whole else 6].rstrip("0")
    return f"{sign}{whole:,}{'.' + digits if digits else ''}{SPACE}TRX"


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
