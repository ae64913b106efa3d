"""The agent as one file for other hosts: the very modules of the portal, and what they import.

Of libraries only those in plain Python; psutil has to be on the host, and whatever a collector of
a database needs.
"""

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

BASE: Final = Path(__file__).resolve().parent.parent
NAME: Final = "bongsu-agent.pyz"
OURS: Final = (
    "core/__init__.py", "core/clock.py", "core/errors.py", "core/registry.py",
    "integrations/__init__.py", "integrations/files.py", "integrations/http.py",
    "integrations/journal.py", "integrations/names.py", "integrations/postgresql.py",
    "integrations/redis.py", "integrations/tcp.py",
    "monitoring/__init__.py", "monitoring/agent*.py", "monitoring/asking*.py",
    "monitoring/buffering.py", "monitoring/collector.py", "monitoring/collectors/*.py",
    "monitoring/crew.py", "monitoring/domain/*.py", "monitoring/kinds.py",
    "monitoring/registry.py", "monitoring/taking.py",
)  # fmt: skip
THEIRS: Final = ("django", "asgiref", "sqlparse", "httpcore2", "h11", "truststore")
# Of Django the collectors use forms.
UNUSED: Final = ("django/contrib/", "django/core/management/")
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the same content is the same file, whenever it is packed


@cache
def packed() -> bytes:
    file = io.BytesIO(b"#!/usr/bin/env python3\n")
    file.seek(0, io.SEEK_END)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(_content()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _content() -> Iterator[tuple[str, Path]]:
    yield "__main__.py", BASE / "monitoring/agent_alone.py"
    for pattern in OURS:
        for path in BASE.glob(pattern):
            yield path.relative_to(BASE).as_posix(), path
    for name in THEIRS:
        for file in distribution(name).files or ():
            if _is_wanted(file.as_posix()):
                yield file.as_posix(), Path(str(file.locate()))


def _is_wanted(name: str) -> bool:
    if ".dist-info/" in name:
        return "LICENSE" in name  # they ask to come along
    return name.endswith(".py") and not name.startswith(UNUSED)
