"""What is installed here, and what the files say of it that an administrator named."""

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

MOST: Final = 500_000  # advisories, or this is no file of them


def packages() -> dict[str, str]:
    return {one.metadata["Name"]: one.version for one in distributions() if one.metadata["Name"]}


def advisories(place: Path) -> Iterator[dict[str, Any]]:
    """A folder or ZIP of OSV files, as osv.dev gives a whole ecosystem, or one file of one or many.

    Raises OSError or ValueError.
    """
    for text, _place in zip(_texts(place), range(MOST), strict=False):
        found = json.loads(text)
        yield from found if isinstance(found, list) else [found]


def _texts(place: Path) -> Iterator[bytes]:
    if place.is_dir():
        for file in sorted(place.rglob("*.json")):
            yield file.read_bytes()
    elif zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield archive.read(name)
    else:
        yield place.read_bytes()


def newest(place: Path) -> dict[str, str]:
    """By a file as `pip list --outdated --format=json` writes it. Raises OSError or ValueError."""
    try:
        return {one["name"]: one["latest_version"] for one in json.loads(place.read_bytes())}
    except (KeyError, TypeError) as error:
        raise ValueError("no list as pip list --outdated --format=json writes it") from error


def written_at(place: Path) -> datetime:
    """Of a folder that of its newest file."""
    files = [place] if place.is_file() else [*place.rglob("*.json")]
    newest_one = max((file.stat().st_mtime for file in files), default=place.stat().st_mtime)
    return datetime.fromtimestamp(newest_one, UTC)
