"""What systemd's journal holds, as the program that comes with it tells."""

import subprocess
from collections.abc import Sequence
from datetime import datetime
from typing import Final

AUTHENTICATION: Final = ("SYSLOG_FACILITY=4", "SYSLOG_FACILITY=10")
MOST: Final = 20_000  # lines, the newest


def lines_since(since: datetime, *matches: str, seconds: float, folder: str = "") -> Sequence[str]:
    """Of the system's journal, or of one that is kept in a folder. Raises OSError."""
    where = [f"--directory={folder}"] if folder else []
    command = [
        "journalctl", "--quiet", "--no-pager", "--output=short-iso-precise", f"--lines={MOST}",
        f"--since=@{since.timestamp():.0f}", *where, *matches,
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and our own words
            command, capture_output=True, timeout=max(seconds, 0.1), check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError("timed out") from error
    if done.returncode:
        raise OSError(done.stderr.decode(errors="replace").strip()[:200] or "journalctl failed")
    return done.stdout.decode(errors="replace").split("\n")
