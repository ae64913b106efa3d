"""The PDF maker's own process: pages in, PDFs out, until nobody has asked for a while.

It is started by `printer`, without Django, the database or a secret. What WeasyPrint takes, 100 MB and
more with each long document, goes back to the machine when it ends; a document that ends it, ends
no worker.
"""

import contextlib
import gc
import resource
import select
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO, Final

import psutil

IDLE: Final = 60.0  # seconds without a document after which it goes
ENOUGH: Final = 300 * 1024**2  # bytes; whoever still holds more after an answer goes
MOST: Final = 2 * 1024**3  # bytes it may address; a document that needs more is refused
HEAD: Final = struct.Struct(">cI")
NO_LIBRARIES: Final = 69  # the exit status that says so; EX_UNAVAILABLE of sysexits.h

PAGE, PDF, PROBLEM = b"p", b"=", b"!"


def main() -> None:
    _limit_memory()
    try:
        from core.printing.press import to_pdf  # noqa: PLC0415 - a machine may lack its libraries
    except OSError:
        sys.exit(NO_LIBRARIES)
    gc.freeze()  # nothing loaded so far is ever garbage
    with contextlib.suppress(BrokenPipeError):  # the worker has gone, and nobody waits
        serve(sys.stdin.buffer, sys.stdout.buffer, to_pdf)


def serve(
    asked: BinaryIO, answers: BinaryIO, to_pdf: Callable[[str, Callable[[int], None]], bytes]
) -> None:
    while select.select([asked], [], [], IDLE)[0] and (found := receive(asked)):
        _, page = found
        try:
            kind, made = PDF, to_pdf(page.decode(), _teller(answers))
        except Exception as error:
            kind, made = PROBLEM, f"{type(error).__name__}: {error}".encode()
        send(answers, kind, made)
        del found, page, made
        gc.collect()
        if psutil.Process().memory_info().rss > ENOUGH:
            return


def _teller(answers: BinaryIO) -> Callable[[int], None]:
    return lambda number: send(answers, PAGE, str(number).encode())


def send(stream: BinaryIO, kind: bytes, said: bytes) -> None:
    stream.write(HEAD.pack(kind, len(said)) + said)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """None when the other side has gone."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    said = stream.read(length)
    return (kind, said) if len(said) == length else None


def _limit_memory() -> None:
    with contextlib.suppress(ValueError, OSError):  # not every system knows this limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))


if __name__ == "__main__":
    main()
