from typing import Any

from django import template

from core import clock
from teams.oncall import named_at_the_top

register = template.Library()


@register.inclusion_tag("teams/on_call_now.html", takes_context=True)
def on_call_now(context: dict[str, Any]) -> dict[str, Any]:
    """Who is on call, for the top of every page."""
    user = context["user"]
    return {"on_call": named_at_the_top(at=clock.now()), "me": user.pk}
