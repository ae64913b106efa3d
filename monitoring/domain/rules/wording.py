"""Titles and messages that a person wrote, with placeholders and nothing more."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Final

PLACEHOLDER: Final = re.compile(r"\{([a-z]+(?:\.[^{}\s]{1,200})?)\}")
KNOWN: Final = ("name", "value", "threshold", "metric")
LABEL: Final = "labels."
UNKNOWN: Final = "–"
# By any of these a reader knows where it is: a check of the portal itself names no host.
INSTEAD: Final = ("host", "check", "instance")


def filled(template: str, facts: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """A placeholder nobody knows stays as it was written, for its writer to see."""

    def said(found: re.Match[str]) -> str:
        what = found[1]
        if what.startswith(LABEL):
            label = what.removeprefix(LABEL)
            names = (label, *INSTEAD) if label in INSTEAD else (label,)
            return next((labels[name] for name in names if labels.get(name)), UNKNOWN)
        return facts.get(what, found[0])

    return PLACEHOLDER.sub(said, template)


def strangers(template: str) -> list[str]:
    """Placeholders that would never be filled."""
    found = [found[1] for found in PLACEHOLDER.finditer(template)]
    return [what for what in found if what not in KNOWN and not what.startswith(LABEL)]


def figure(value: float) -> str:
    """As a person reads it: three digits, and no more of them than say something."""
    if not isfinite(value):
        return UNKNOWN
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
