"""systemd's journal as `journalctl` gives it: a child that follows it and writes JSON."""

import contextlib
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

PROGRAM: Final = "journalctl"
FIELDS: Final = "MESSAGE,PRIORITY,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,_PID"
PIECE: Final = 256 * 1024
LONGEST: Final = 1 << 20  # bytes of a record; a longer one is passed over


@dataclass(frozen=True)
class Record:
    text: str
    priority: int | None
    cursor: str


class Journal:
    """Never blocks. `FileNotFoundError` where there is no journalctl."""

    def __init__(
        self, units: Sequence[str], *, cursor: str, all_of_it: bool, program: str = PROGRAM
    ) -> None:
        place = ["--after-cursor", cursor] if cursor else []
        lines = "all" if cursor or all_of_it else "0"
        chosen = [f"--unit={unit}" for unit in units]
        command = [program, "-f", "-o", "json", "--no-pager", "--all", f"--output-fields={FIELDS}", "-n", lines, *place, *chosen]  # fmt: skip
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._child = subprocess.Popen(  # noqa: S603 - an argument list of our own
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors
        )
        assert self._child.stdout  # noqa: S101 - a pipe was asked for
        self.output = self._child.stdout
        os.set_blocking(self.output.fileno(), False)
        self.skipped = 0
        self._rest, self._skipping = b"", False

    def read(self) -> tuple[list[Record], bool]:
        """Records, and whether there may be more."""
        try:
            piece = os.read(self.output.fileno(), PIECE)
        except BlockingIOError:
            return [], False
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if lines and self._skipping:
            lines, self._skipping = lines[1:], False
        if len(self._rest) > LONGEST:
            self._rest, self._skipping = b"", True
            self.skipped += 1
        return [found for line in lines if (found := _record(line))], len(piece) == PIECE

    def ended(self) -> str | None:
        """What it said when it ended; None while it lives."""
        if self._child.poll() is None:
            return None
        self._errors.seek(0)
        said = self._errors.read(2_000).decode(errors="replace").strip()
        return said or f"exit {self._child.returncode}"

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._child.terminate()
        try:
            self._child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self.output.close()
        self._errors.close()


def _record(line: bytes) -> Record | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    name = _text(said.get("SYSLOG_IDENTIFIER")) or _text(said.get("_SYSTEMD_UNIT"))
    pid = _text(said.get("_PID"))
    who = f"{name}[{pid}]: " if name and pid else f"{name}: " if name else ""
    priority = _text(said.get("PRIORITY"))
    return Record(
        who + _text(said.get("MESSAGE")),
        int(priority) if len(priority) == 1 and priority in "01234567" else None,
        _text(said.get("__CURSOR")),
    )


def _text(value: Any) -> str:
    """What is no text comes as a list of bytes, and what is there twice as a list of texts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, int) and 0 <= one < 256 for one in value):
        return bytes(value).decode(errors="replace")
    if isinstance(value, list) and value:
        return _text(value[0])
    return ""
