"""Every address there is, and a way to knock at it."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.urls import get_resolver

REGEX_PART = re.compile(r"\(\?P<(\w+)>[^)]*\)")
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
NOBODYS = "00000000-0000-4000-8000-000000000000"


def every_route(patterns: Any = None, before: str = "") -> Iterator[str]:
    """As they are written in the URL configuration, joined."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from every_route(pattern.url_patterns, route)
        else:
            yield route


def address_of(route: str, **values: object) -> str:
    """The route with its parts filled in."""
    plain = REGEX_PART.sub(r"<\1>", route).replace("^", "").replace("$", "")
    return "/" + PART.sub(
        lambda part: str(values.get(part[2], NOBODYS if part[1] == "uuid" else 1)), plain
    )


def first_object(route: str) -> object:
    """In the console: the key of something that is really there, so that its page has to be drawn."""
    _, app, model, *_ = [*route.split("/"), "", ""]
    if app not in {config.label for config in apps.get_app_configs()} or not model:
        return 1
    try:
        rows = apps.get_model(app, model)._default_manager.all()
    except LookupError:
        return 1
    first = rows.first()
    return first.pk if first else 1
