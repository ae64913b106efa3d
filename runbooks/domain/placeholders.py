"""`{name}` and `{step.fact}` in the settings of a step, filled when the step begins.

A value is put in as it is: one string stays one string, whatever it holds, and no part of it is read again.
A text that is nothing but one placeholder becomes the value itself, a number or a list too.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from core.told import Told as _

PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")


class Missing(KeyError):
    """A placeholder has no value: the step that should have found it did not."""

    def __str__(self) -> str:
        if self.args[1:]:
            return str(_("{%(name)s} is several values, where one is needed", name=self.args[0]))
        return str(_("there is no value for {%(name)s}", name=self.args[0]))


def names_in(settings: object) -> set[str]:
    """All placeholders within, at any depth."""
    if isinstance(settings, str):
        return set(PLACE.findall(settings))
    if isinstance(settings, Mapping):
        return {name for value in settings.values() for name in names_in(value)}
    if isinstance(settings, list | tuple):
        return {name for value in settings for name in names_in(value)}
    return set()


def filled(settings: Any, values: Mapping[str, Any]) -> Any:
    """The settings with their values. Raises Missing."""
    if isinstance(settings, str):
        return _text(settings, values)
    if isinstance(settings, Mapping):
        return {key: filled(value, values) for key, value in settings.items()}
    if isinstance(settings, list | tuple):
        return [filled(value, values) for value in settings]
    return settings


def _text(text: str, values: Mapping[str, Any]) -> Any:
    if whole := PLACE.fullmatch(text):
        return _value(whole[1], values)
    return PLACE.sub(lambda found: _plain(_value(found[1], values), found[1]), text)


def _value(name: str, values: Mapping[str, Any]) -> Any:
    first, dot, second = name.partition(".")
    found = values.get(first)
    if dot:
        found = found.get(second) if isinstance(found, Mapping) else None
    if found is None:
        raise Missing(name)
    return found


def _plain(value: Any, name: str) -> str:
    if isinstance(value, Mapping | list | tuple):
        raise Missing(name, value)
    return str(value)
