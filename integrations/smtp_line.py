"""A connection to the mail server that carries many mails, one after another.

Where the server takes several commands at once (RFC 2920) a mail costs one wait instead of four.
"""

import re
import smtplib
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Envelope:
    sender: str
    to: str

    @property
    def commands(self) -> tuple[bytes, bytes, bytes]:
        sender, to = self.sender.encode("ascii"), self.to.encode("ascii")
        return b"MAIL FROM:<%s>\r\n" % sender, b"RCPT TO:<%s>\r\n" % to, b"DATA\r\n"


class Line:
    """Not shared between threads. Raises Refused, or MailUnsent, after which it opens a new connection."""

    def __init__(self) -> None:
        self._wire: _Wire | None = None
        self._ahead: Envelope | None = None

    def carry(self, envelope: Envelope, data: bytes, *, then: Envelope | None = None) -> None:
        """`data` as it goes over the wire: CRLF at each end of line, leading dots doubled.

        `then` is the next mail's envelope, which the server reads while we write down what became of this one.
        """
        try:
            wire = self._wire_for(envelope)
            said, self._ahead = self._ahead, None
            _envelope(wire, envelope, said=said is not None)
            wire.say(data, b".\r\n", *self._early(wire, then))
            (answer,) = wire.hear(1)
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
        self._wire = self._ahead = None

    def _wire_for(self, envelope: Envelope) -> "_Wire":
        if self._ahead not in {None, envelope}:
            self.close()  # it waits for another mail's content, which it shall not get
        wire = self._wire = self._wire or _connected()
        wire.until = time.monotonic() + LONGEST
        return wire

    def _early(self, wire: "_Wire", then: Envelope | None) -> Sequence[bytes]:
        """RFC 2920 lets a content be followed by commands."""
        if then is None or not wire.pipelines:
            return ()
        self._ahead = then
        return then.commands


class _Wire:
    """What goes over it and what comes back, all of it for one mail before `until`."""

    def __init__(self, connection: socket.socket, *, pipelines: bool) -> None:
        self.socket, self.pipelines, self.until = connection, pipelines, 0.0
        self._heard = b""

    def ask(self, *commands: bytes) -> list[Answer]:
        self.say(*commands)
        return self.hear(len(commands))

    def say(self, *pieces: bytes) -> None:
        self._mind_the_time()
        self.socket.sendall(b"".join(pieces))

    def hear(self, count: int) -> list[Answer]:
        found: list[Answer] = []
        while len(found) < count:
            if whole := REPLY.match(self._heard):
                found.append((int(whole[1]), whole[0].strip()))
                self._heard = self._heard[whole.end() :]
                if found[-1][0] == CLOSING:  # it says so once, and answers nothing more
                    found += [found[-1]] * (count - len(found))
            else:
                self._hear()
        return found

    def _hear(self) -> None:
        self._mind_the_time()
        heard = self.socket.recv(8192)
        if not heard or len(self._heard) > LIMIT:
            raise OSError("the server closed the connection")
        self._heard += heard

    def _mind_the_time(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        wait = min(left, float(settings.EMAIL_TIMEOUT))
        if wait != self.socket.gettimeout():  # which costs a call of the system
            self.socket.settimeout(wait)


def _connected() -> _Wire:
    backend: Any = get_connection(BACKEND, timeout=settings.EMAIL_TIMEOUT)
    backend.open()  # with TLS and a password, where the settings have them
    session: smtplib.SMTP = backend.connection
    session.ehlo_or_helo_if_needed()
    sock: Any = session.sock
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Wire(sock, pipelines=session.has_extn("pipelining"))


def _envelope(wire: _Wire, envelope: Envelope, *, said: bool) -> None:
    commands = envelope.commands
    answers: list[Answer] = wire.hear(len(commands)) if said else []
    for group in [commands] if wire.pipelines else [[one] for one in commands]:
        if not said:
            answers += wire.ask(*group)
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
        wire.ask(b".\r\n")
    wire.ask(b"RSET\r\n")


def _check(answer: Answer, stage: Stage) -> None:
    code, text = answer
    if code >= 400:
        raise Refused(code, text[4:], stage)
