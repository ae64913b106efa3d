"""Mail by SMTP, with one deadline for the whole conversation."""

import smtplib
import socket
import threading
from contextlib import suppress
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

LONGEST: Final = 10.0  # seconds; a server may be slow at each word and never fall silent


def our_domain() -> str:
    """Of whoever we write as; every mail's name ends with it."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


class MailRefused(Exception):
    """The server said no: an RFC 5321 code, 4xx for now and 5xx for good."""

    def __init__(self, code: int, text: bytes | str) -> None:
        words = text.decode(errors="replace") if isinstance(text, bytes) else text
        super().__init__(f"{code} {words}")
        self.code = code


class MailUnsent(Exception):
    """No answer, or a broken one."""


def called(name: str) -> str:
    """Our address under another name: who reads it knows the company, and not its tools."""
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    named = Address(" ".join(name.split()), addr_spec=ours)
    return str(named) if name else settings.DEFAULT_FROM_EMAIL


def send(subject: str, text: str, html: str, *, to: str, message_id: str, name: str = "") -> None:
    """One mail to one address. Raises MailRefused, MailUnsent, or ValueError for a bad header."""
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        from_email=called(name),
        to=[to],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    mail.attach_alternative(html, "text/html")
    deadline = threading.Timer(LONGEST, _hang_up, [connection])
    deadline.start()
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise MailRefused(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPResponseException as error:
        raise MailRefused(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnsent(str(error) or "no connection") from error
    finally:
        deadline.cancel()


def _hang_up(connection: Any) -> None:
    with suppress(OSError, AttributeError):  # already closed, or not yet open
        connection.connection.sock.shutdown(socket.SHUT_RDWR)
