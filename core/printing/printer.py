"""Whoever wants a PDF speaks to the PDF maker's process here: one for all threads of a worker."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from django.utils.translation import gettext as _

from core.errors import Refused
from core.printing.pressroom import NO_LIBRARIES, PAGE, PDF, PROBLEM, receive, send

log = logging.getLogger(__name__)

BASE: Final = Path(__file__).resolve().parent.parent.parent
LONGEST: Final = 120.0  # seconds for one document; 500 records take 6
# All that the PDF maker is told: what finds its libraries, fonts and temporary folder.
TOLD: Final = (
    "FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "TMPDIR",
)  # fmt: skip

GONE: Final = (PROBLEM, b"the PDF maker went home twice")

Told = Callable[[int], None]


class Printer:
    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def to_pdf(self, html: str, *, told: Told = lambda _page: None) -> bytes:
        """Raises Refused, in words for who waits. `told` hears of each page that is laid out."""
        with self._one_at_a_time:
            kind, said = self._ask(html.encode(), told) or self._ask(html.encode(), told) or GONE
        if kind != PDF:
            raise Refused(_("The PDF could not be made: %(error)s") % {"error": said.decode()})
        return said

    def close(self) -> None:
        with self._one_at_a_time:
            self._bury()

    def _ask(self, page: bytes, told: Told) -> tuple[bytes, bytes] | None:
        """None when it went home at that very moment, as it does when it has been idle."""
        child = self._ready()
        alarm = threading.Timer(LONGEST, child.kill)
        alarm.start()
        try:
            return _spoken(child, page, told)
        except (OSError, EOFError) as gone:
            if status := self._bury():
                raise _lost(status) from gone
            return None
        finally:
            alarm.cancel()

    def _ready(self) -> "subprocess.Popen[bytes]":
        """It goes by itself when idle, so it may have gone since the last document, or go just now."""
        if self._child is None or self._child.poll() is not None:
            self._bury()
            self._child = _hired()
        return self._child

    def _bury(self) -> int | None:
        child, self._child = self._child, None
        if child is None:
            return None
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(BrokenPipeError):  # what it never read
                cast("IO[bytes]", pipe).close()
        try:
            return child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()


def _hired() -> "subprocess.Popen[bytes]":
    known = {name: os.environ[name] for name in TOLD if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "core.printing.pressroom"],
        cwd=BASE,
        env=known | {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C is for the worker; it goes when the worker hangs up
    )


def _lost(status: int) -> Refused:
    log.error("the PDF maker has died with status %s", status)
    if status == NO_LIBRARIES:
        return Refused(_no_libraries())
    return Refused(_("The PDF maker died over this document, which may be too long. Ask again."))


def _spoken(child: "subprocess.Popen[bytes]", page: bytes, told: Told) -> tuple[bytes, bytes]:
    send(cast("BinaryIO", child.stdin), PAGE, page)
    while found := receive(cast("BinaryIO", child.stdout)):
        kind, said = found
        if kind != PAGE:
            return kind, said
        told(int(said))
    raise EOFError


def _no_libraries() -> str:
    return _(
        "PDFs need the library Pango, which the portal's machine does not have. Install it "
        "there (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
        "libharfbuzz-subset0), start Bongsu again and ask again. Nothing written is lost."
    )


printer = Printer()
