"""Bytes into lines, and lines into entries: a trace of fifty lines is one thing that happened."""

from typing import Final, NamedTuple

LONGEST: Final = 16 * 1024  # bytes of a line that are kept
MOST_LINES, MOST_BYTES = 200, 32 * 1024  # of an entry

CONTINUED: Final = (
    b" ", b"\t", b"}", b"Caused by:", b"Suppressed:", b"... ", b"Traceback (most recent call last)",
    b"During handling of the above exception", b"The above exception was the direct cause",
)  # fmt: skip
# Most lines begin a new entry, and their first byte says so.
MAYBE: Final = frozenset(b" \t.CSTD}" + bytes(range(0x61, 0x7B)))
THROWN: Final = (b"Exception", b"Error", b"Throwable")


class Line(NamedTuple):
    text: bytes
    start: int  # where it stands in its file
    end: int


class Splitter:
    """Lines of what was read, whatever the pieces were; knows where each begins."""

    def __init__(self, at: int = 0) -> None:
        self.at = at  # where the unfinished line begins
        self.cut = 0  # lines that were longer than we keep
        self._rest, self._raw = b"", 0

    @property
    def read(self) -> int:
        return self.at + self._raw

    def __call__(self, piece: bytes) -> list[Line]:
        first, *more = piece.split(b"\n")
        if not more:
            self._hold(first)
            return []
        last, lines = more.pop(), list[Line]()
        self._hold(first)
        lines.append(self._line(self._rest, self._raw))
        for text in more:
            lines.append(self._line(text, len(text)))
        self._rest, self._raw = b"", 0
        self._hold(last)
        return lines

    def rest(self) -> list[Line]:
        """What was never ended by a newline, when no more will come."""
        if not self._raw:
            return []
        line = self._line(self._rest, self._raw)
        self.at, self._rest, self._raw = line.end - 1, b"", 0
        return [line]

    def _hold(self, text: bytes) -> None:
        # A file that was truncated under its writer begins with a hole of NULs, however long.
        self._raw += len(text)
        self._rest = (self._rest + text.replace(b"\0", b""))[: LONGEST + 1]

    def _line(self, text: bytes, raw: int) -> Line:
        start, self.at = self.at, self.at + raw + 1
        if b"\0" in text:
            text = text.replace(b"\0", b"")
        if text.endswith(b"\r"):
            text = text[:-1]
        if len(text) > LONGEST:
            self.cut += 1
            text = text[:LONGEST] + b" \xe2\x80\xa6"
        return Line(text, start, self.at)


class Entry(NamedTuple):
    text: bytes
    start: int
    end: int
    lines: int


class Joiner:
    """One entry at a time: it is whole when the next one begins, or when nothing follows."""

    def __init__(self) -> None:
        self._texts: list[bytes] = []
        self._start = self._end = self._lines = self._size = 0
        self._traced = False

    @property
    def start(self) -> int | None:
        """Where the entry that is not whole yet begins."""
        return self._start if self._lines else None

    def __call__(self, line: Line) -> Entry | None:
        if self._lines and self._follows(line.text):
            self._add(line)
            return None
        whole = self.flush()
        self._start, self._traced = line.start, False
        self._add(line)
        self._traced = line.text.startswith(b"Traceback (most recent")
        return whole

    def flush(self) -> Entry | None:
        if not self._lines:
            return None
        text = self._texts[0] if len(self._texts) == 1 else b"\n".join(self._texts)
        whole = Entry(text, self._start, self._end, self._lines)
        self._texts, self._lines, self._size = [], 0, 0
        return whole

    def _follows(self, text: bytes) -> bool:
        if not text:
            return True
        if text[0] in MAYBE and (text.startswith(CONTINUED) or self._is_thrown(text)):
            self._traced = self._traced or text.startswith(b"Traceback (most recent")
            return True
        # Python's trace ends with the line that says what was raised.
        traced, self._traced = self._traced, False
        return traced

    def _is_thrown(self, text: bytes) -> bool:
        """Java writes a line of its own for what was thrown: `java.io.IOException: broken pipe`."""
        name = text.split(b":", 1)[0]
        return b"." in name and b" " not in name and name.endswith(THROWN)

    def _add(self, line: Line) -> None:
        self._lines, self._end = self._lines + 1, line.end
        if self._lines <= MOST_LINES and self._size < MOST_BYTES:
            self._texts.append(line.text)
            self._size += len(line.text)
