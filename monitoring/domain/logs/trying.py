"""A pattern against lines somebody pasted, read as the watcher would read them."""

from typing import Final

from monitoring.domain.logs.lines import Entry, Joiner, Splitter
from monitoring.domain.logs.masking import shown
from monitoring.domain.logs.patterns import Pattern, Patterns, Tried

MOST: Final = 200  # entries


def tried(pattern: Pattern, pasted: str) -> Tried:
    patterns = Patterns([pattern])
    said = [(shown(entry.text), bool(patterns(entry.text))) for entry in entries(pasted)[:MOST]]
    return Tried(said, sum(fits for _, fits in said))


def entries(pasted: str) -> list[Entry]:
    splitter, joiner, found = Splitter(), Joiner(), list[Entry]()
    lines = splitter(pasted.replace("\r\n", "\n").encode(errors="replace"))
    for line in [*lines, *splitter.rest()]:
        if (line.text or joiner.start is not None) and (whole := joiner(line)):
            found.append(whole)
    if last := joiner.flush():
        found.append(last)
    return found
