"""RE2 as we want it: quiet, bounded, and over bytes, for a log may hold any."""

from collections.abc import Iterable
from typing import Any, Final

import re2

MEMORY: Final = 32 << 20  # bytes for one expression or set; RE2 throws states away beyond it
LARGEST: Final = 20_000  # instructions; x{1000}{1000} is refused


def options() -> Any:
    chosen = re2.Options()
    chosen.max_mem = MEMORY
    chosen.log_errors = False
    return chosen


def expression(text: str | bytes) -> Any:
    """`ValueError` says what is wrong with it."""
    raw = text.encode() if isinstance(text, str) else text
    try:
        compiled = re2.compile(raw, options=options())
    except re2.error as fault:
        said = fault.args[0] if fault.args else ""
        raise ValueError(
            said.decode(errors="replace") if isinstance(said, bytes) else said
        ) from None
    if compiled.programsize > LARGEST:
        raise ValueError("the expression is too large")
    return compiled


def together(expressions: Iterable[bytes]) -> Any:
    """All of them looked for in one pass; `Match` names those that were found, or is None."""
    found = re2.Set.SearchSet(options=options())
    for one in expressions:
        found.Add(one)
    found.Compile()
    return found


def quoted(text: str) -> bytes:
    escaped: bytes = re2.escape(text.encode())
    return escaped
