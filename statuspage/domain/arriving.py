"""In which order files go where a reader sees each as soon as it is there: what is pointed to before what points."""

from collections.abc import Iterable
from typing import Final

SIGN: Final = "heartbeat.json"
DOCUMENTS: Final = (".json", ".atom", ".rss", ".ics")


def rank(name: str) -> int:
    """Of a file of the tree; those of one rank do not point to each other."""
    if name.endswith(SIGN):
        return 5  # it says that all the rest is there
    if name.endswith(DOCUMENTS):
        return 3  # they lead to incidents
    if not name.endswith(".html"):
        return 0
    folders = name.split("/")[1:-1]  # below status/
    if "incidents" in folders:
        return 1
    is_home = not folders or (len(folders) == 1 and len(folders[0]) == 2)  # the language's
    return 4 if is_home else 2


def in_order(names: Iterable[str]) -> list[list[str]]:
    """In groups, one after the other."""
    found: dict[int, list[str]] = {}
    for name in sorted(names):
        found.setdefault(rank(name), []).append(name)
    return [found[key] for key in sorted(found)]
