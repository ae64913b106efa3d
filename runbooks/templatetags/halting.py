from typing import Any

from django import template

from runbooks.queries import halted

register = template.Library()


@register.inclusion_tag("runbooks/_halted.html", takes_context=True)
def halt_banner(context: dict[str, Any]) -> dict[str, Any]:
    """On every page while all actions are halted: whoever wonders why nothing happens reads it there."""
    return {"halt": halted(), "user": context["user"]}
