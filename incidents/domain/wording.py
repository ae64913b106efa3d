"""Message templates: a text with named placeholders, and nothing that computes.

Never `str.format`, which reads attributes of what it is given; here a brace is a placeholder of
the list or a mistake, and what is filled in is not looked at again.
"""

import re
from collections.abc import Mapping
from typing import Final

PLACEHOLDERS: Final = (
    "number", "title", "severity", "severity_name", "services", "since", "status",
    "next_update", "link",
)  # fmt: skip

KNOWN: Final = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
BRACED: Final = re.compile(r"\{[^{}]*\}|[{}]")


def faults(text: str) -> list[str]:
    """Every brace that is no placeholder, as it was written."""
    return [found for found in BRACED.findall(text) if not KNOWN.fullmatch(found)]


def fill(text: str, facts: Mapping[str, str]) -> str:
    return KNOWN.sub(lambda found: facts[found[1]], text)


def tidy(text: str) -> str:
    """As a browser sends it back: the same words must compare as the same."""
    return "\n".join(text.strip().splitlines())
