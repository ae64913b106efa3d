"""What a host's metrics are about, told by their names."""

from enum import StrEnum
from typing import Final


class About(StrEnum):
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"
    NETWORK = "network"
    LOAD = "load"
    PROCESSES = "processes"
    OTHER = "other"


# The first that is in the name counts: "disk_read_bytes" is of the disk, whatever else it says.
WORDS: Final = (
    ("load", About.LOAD),
    ("cpu", About.CPU),
    ("mem", About.MEMORY),
    ("swap", About.MEMORY),
    ("disk", About.DISK),
    ("filesystem", About.DISK),
    ("inode", About.DISK),
    ("net", About.NETWORK),
    ("process", About.PROCESSES),
    ("procs", About.PROCESSES),
    ("open_files", About.PROCESSES),
)
PREFIXES: Final = ("host_", "node_")


def about(name: str) -> About:
    lowered = name.lower()
    return next((kind for word, kind in WORDS if word in lowered), About.OTHER)


def short(name: str) -> str:
    """On the page of a host it need not be said that it is a host's."""
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name.replace("_", " ")
