from typing import Final

from django import template
from django.utils.html import format_html

from core.charts.spark import HEIGHT, WIDTH, Spark
from core.charts.units import said

register = template.Library()

SVG: Final = (
    '<svg class="spark" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    ' preserveAspectRatio="none" role="img" aria-label="{label}"><path class="area" d="{area}"/>'
    '<path class="line" d="{line}"/></svg>'
)
SIZE: Final = {"width": WIDTH, "height": HEIGHT}


@register.simple_tag
def spark(drawn: Spark | None, unit: str = "") -> str:
    """A page has hundreds of them: as a template each would cost ten times as much."""
    if drawn is None:
        return ""
    label = f"{said(drawn.low, unit)} – {said(drawn.high, unit)}, {said(drawn.last, unit)}"
    filled = SVG.format(**SIZE, label="{}", area="{}", line="{}")
    return format_html(filled, label, drawn.area, drawn.line)


@register.filter
def with_unit(value: float | None, unit: str) -> str:
    return said(value, unit)
