"""A connection to the mail server that carries many mails, one after another.

Where the server takes several commands at once (RFC 2920) a mail costs two waits instead of four.
"""

import re
import smtplib
import socket
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection

from integrations.smtp import LONGEST, MailRefused, MailUnsent

BACKEND: Final = "django.core.mail.backends.smtp.EmailBackend"
REPLY: Final = re.compile(rb"(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*)?\n")
LIMIT: Final = 64 * 1024  # bytes of replies to one mail
READY: Final = 354  # for the content
CLOSING: Final = 421

Answer = tuple[int, bytes]


class Stage(StrEnum):
    SENDER = "sender"  # it takes nothing from us, whoever it is for
    RECIPIENT = "recipient"
    CONTENT = "content"


class Refused(MailRefused):
    def __init__(self, code: int, text: bytes, stage: Stage) -> None:
        super().__init__(code, text)
        self.stage = stage

    @property
    def of_recipient(self) -> bool:
        """The next one may fare better on the same connection."""
        return self.stage is not Stage.SENDER and self.code != CLOSING


class Line:
    """Not shared between threads. Raises Refused, or MailUnsent, after which it opens a new connection."""

    def __init__(self) -> None:
        self._wire: _Wire | None = None

    def carry(self, sender: str, to: str, data: bytes) -> None:
        """`data` as it goes over the wire: CRLF at each end of line, leading dots doubled."""
        try:
            wire = self._wire = self._wire or _connected()
            wire.until = time.monotonic() + LONGEST
            _envelope(wire, sender.encode("ascii"), to.encode("ascii"))
            (answer,) = wire.ask([data + b".\r\n"])
            _check(answer, Stage.CONTENT)
        except Refused as refused:
            if not refused.of_recipient:
                self.close()
            raise
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self.close()
            raise MailUnsent(str(error) or "no connection") from error

    def close(self) -> None:
        if self._wire:
            self._wire.socket.close()
        self._wire = None


class _Wire:
    """What goes over it and what comes back, all of it for one mail before `until`."""

    def __init__(self, connection: socket.socket, *, pipelines: bool) -> None:
        self.socket, self.pipelines, self.until = connection, pipelines, 0.0
        self._heard = b""

    def ask(self, commands: Sequence[bytes]) -> list[Answer]:
        self.socket.settimeout(self._left())
        self.socket.sendall(b"".join(commands))
        found: list[Answer] = []
        while len(found) < len(commands):
            if whole := REPLY.match(self._heard):
                found.append((int(whole[1]), whole[0].strip()))
                self._heard = self._heard[whole.end() :]
                if found[-1][0] == CLOSING:  # it says so once, and answers nothing more
                    found += [found[-1]] * (len(commands) - len(found))
            else:
                self._hear()
        return found

    def _hear(self) -> None:
        self.socket.settimeout(self._left())
        heard = self.socket.recv(8192)
        if not heard or len(self._heard) > LIMIT:
            raise OSError("the server closed the connection")
        self._heard += heard

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        return min(left, float(settings.EMAIL_TIMEOUT))


def _connected() -> _Wire:
    backend: Any = get_connection(BACKEND, timeout=settings.EMAIL_TIMEOUT)
    backend.open()  # with TLS and a password, where the settings have them
    session: smtplib.SMTP = backend.connection
    session.ehlo_or_helo_if_needed()
    sock: Any = session.sock
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Wire(sock, pipelines=session.has_extn("pipelining"))


def _envelope(wire: _Wire, sender: bytes, to: bytes) -> None:
    commands = [b"MAIL FROM:<%s>\r\n" % sender, b"RCPT TO:<%s>\r\n" % to, b"DATA\r\n"]
    answers: list[Answer] = []
    for group in [commands] if wire.pipelines else [[one] for one in commands]:
        answers += wire.ask(group)
        if any(code >= 400 for code, _ in answers):
            _undo(wire, answers)
            break
    for answer, stage in zip(answers, Stage, strict=False):
        _check(answer, stage)


def _undo(wire: _Wire, answers: Sequence[Answer]) -> None:
    """It may wait for a mail that has no recipient: an empty one, which it refuses."""
    if any(code == CLOSING for code, _ in answers):
        return
    if answers[-1][0] == READY:
        wire.ask([b".\r\n"])
    wire.ask([b"RSET\r\n"])


def _check(answer: Answer, stage: Stage) -> None:
    code, text = answer
    if code >= 400:
        raise Refused(code, text[4:], stage)
