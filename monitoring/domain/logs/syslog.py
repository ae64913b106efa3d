"""Syslog messages, as RFC 5424 and RFC 3164 have them and as senders write them."""

from typing import Final, NamedTuple

from monitoring.domain.logs.expressions import expression
from monitoring.domain.logs.levels import Level, of_priority
from monitoring.domain.logs.lines import LONGEST

NEW: Final = expression(
    rb"(?s)^<(\d{1,3})>\d{1,2} (\S+) (\S+) (\S+) (\S+) \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(.*)$"
)
OLD: Final = expression(
    rb"(?s)^<(\d{1,3})>(?:([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\S+) )?(.*)$"
)
MARK: Final = b"\xef\xbb\xbf"
MOST_DIGITS: Final = 6


class Said(NamedTuple):
    text: bytes
    level: Level | None


def parsed(message: bytes) -> Said:
    """The message with who said it where; what is no syslog message is taken as it is."""
    message = message.rstrip(b"\r\n\0")
    if found := NEW.search(message):
        priority, at, host, program, pid, text = found.groups()
        who = b" ".join(part for part in (at, host) if part != b"-")
        name = program + (b"[" + pid + b"]" if pid != b"-" else b"")
        words = b" ".join(part for part in (who, name + b":" if name != b"-" else b"") if part)
        return Said(
            (words + b" " + text.removeprefix(MARK)).strip(), of_priority(int(priority) & 7)
        )
    if found := OLD.search(message):
        priority, at, text = found.groups()
        return Said((at + b" " if at else b"") + text, of_priority(int(priority) & 7))
    return Said(message, None)


class Frames:
    """Messages of a TCP stream: each with its length before it, or each on a line (RFC 6587)."""

    def __init__(self) -> None:
        self.cut = 0
        self._held = b""
        self._skip = 0  # bytes of a frame too long to be kept
        self._skipping_line = False

    def __call__(self, piece: bytes) -> list[bytes]:
        self._held += piece
        found: list[bytes] = []
        while self._held and (message := self._next()) is not None:
            if message:
                found.append(message)
        return found

    def _next(self) -> bytes | None:
        """The next message, b"" for what is to be passed over, None when more has to come."""
        if self._skip:
            passed = min(self._skip, len(self._held))
            self._skip, self._held = self._skip - passed, self._held[passed:]
            return b""
        if not self._skipping_line and 0x31 <= self._held[0] <= 0x39:
            digits, space, _ = self._held[: MOST_DIGITS + 2].partition(b" ")
            if space and digits.isdigit():
                return self._counted(len(digits) + 1, int(digits))
            if self._held.isdigit() and len(self._held) <= MOST_DIGITS:
                return None
        return self._line()

    def _counted(self, head: int, length: int) -> bytes | None:
        if length > LONGEST:
            if len(self._held) < head + LONGEST:
                return None
            message, self._held = self._held[head : head + LONGEST], self._held[head:]
            self.cut, self._skip = self.cut + 1, length
            return message
        if len(self._held) < head + length:
            return None
        message, self._held = self._held[head : head + length], self._held[head + length :]
        return message

    def _line(self) -> bytes | None:
        line, ended, rest = self._held.partition(b"\n")
        if not ended and len(line) <= LONGEST:
            return None
        skipping, self._skipping_line = self._skipping_line, not ended
        self._held = rest
        if len(line) > LONGEST and not skipping:
            self.cut += 1
        return b"" if skipping else line[:LONGEST] or b""
