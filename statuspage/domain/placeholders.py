"""Gaps in prepared words: `{components}` and no more. What people wrote is never a program."""

import re
from collections.abc import Mapping
from typing import Final

COMPONENTS: Final = "components"
KNOWN: Final = frozenset({COMPONENTS})
GAP: Final = re.compile(r"\{(\w+)\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """What is not known stays as it was written, and what is put in is not looked at again."""
    return GAP.sub(lambda gap: values.get(gap[1]) or gap[0], text)


def unknown(text: str) -> set[str]:
    return {name for name in GAP.findall(text) if name not in KNOWN}
