"""A snapshot as the files of the public tree."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from statuspage.domain.snapshot import Snapshot, moment, version, written
from statuspage.registry import documents

BEATS: Final = timedelta(seconds=60)
SIGN_OF_LIFE: Final = "status/heartbeat.json"


def written_of(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    for name in documents:
        yield from documents[name].files(snapshot)
    yield SIGN_OF_LIFE, sign_of_life(snapshot, moment(snapshot["at"]))


def sign_of_life(snapshot: Snapshot, at: datetime) -> bytes:
    every = int(BEATS.total_seconds())
    said = {"at": written(at), "every_seconds": every, "version": version(snapshot)}
    return json.dumps(said).encode()
