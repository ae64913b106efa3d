"""What is installed here, and what the files say of it that an administrator named."""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

from maintenance.domain.advisories import Hole, holes

DAMAGED: Final = (zipfile.BadZipFile, zlib.error, RuntimeError)  # the last one of an encrypted one
MOST: Final = 500_000  # advisories, or this is no file of them


def packages() -> dict[str, str]:
    return {one.metadata["Name"]: one.version for one in distributions() if one.metadata["Name"]}


def known_holes(packages: Mapping[str, str], place: Path) -> list[Hole]:
    """By the advisories there. Raises OSError or ValueError."""
    try:
        return holes(packages, advisories(place))
    except (AttributeError, TypeError) as error:
        raise ValueError("it is not in the format of osv.dev") from error
    except DAMAGED as error:
        raise ValueError(f"the archive is damaged: {error}") from error


def advisories(place: Path) -> Iterator[dict[str, Any]]:
    """A folder or ZIP of OSV files, as osv.dev gives a whole ecosystem, or one file of one or many.

    Raises OSError or ValueError, also where there is none: by nothing nobody is found to be safe.
    """
    count = 0
    for text in _texts(place):
        found = json.loads(text)
        for one in found if isinstance(found, list) else [found]:
            count += 1
            if count > MOST:
                raise ValueError(f"it has more than {MOST} advisories")
            yield one
    if not count:
        raise ValueError("it has no advisory")


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
