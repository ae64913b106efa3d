"""A mail server that accepts every address and hands nothing on."""

import asyncio
import re
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import EmailPolicy
from functools import lru_cache, partial
from typing import Any, ClassVar

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.faults import KEEPS, LONGEST_DELAY, Mode
from sandbox.inbox import Receipt
from sandbox.world import Party, World, listen_on

REFUSALS = {
    Mode.FAIL: "451 4.3.0 Temporary failure, try again later",
    Mode.REJECT: "550 5.1.1 No such mailbox",
    Mode.RATELIMIT: "421 4.7.0 Too many messages, closing connection",
}
# The policy parses a header anew at each look; thousands of mails share most of theirs.
POLICY = EmailPolicy(header_factory=lru_cache(maxsize=1024)(HeaderRegistry()))
MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
PLAIN_ADDRESS = re.compile(r"<([^<>\s\"@]+@[^<>\s\"@]+)> *(.*)")
GARBAGE = "<html><h1>Please sign in to use this network</h1></html>"
AFTER_DATA = [mode for mode in Mode if mode not in REFUSALS]


class Mail(Party):
    switches: ClassVar = ("smtp",)

    async def listen(self) -> asyncio.Server:
        sock = listen_on(self.world.settings.smtp_port, named="SANDBOX_SMTP_PORT")
        return await asyncio.get_running_loop().create_server(self._session, sock=sock)

    def _session(self) -> SMTP:
        # The host name is given because looking it up may take seconds.
        return Quick(
            Postman(self.world),
            enable_SMTPUTF8=True,
            hostname="sandbox",
            ident="Bongsu sandbox",
            loop=asyncio.get_running_loop(),
        )


class Quick(SMTP):
    """aiosmtpd spends a quarter of its time on the grammar of addresses nobody writes."""

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        plain = PLAIN_ADDRESS.fullmatch(arg)
        return (plain[1], plain[2]) if plain else super()._getaddr(arg)


class Postman:
    """The names of the methods are aiosmtpd's; those that take a mail return the reply line."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        # It reads what comes, however much at once; only RFC 2920's word for it is missing.
        return [*answers[:-1], "250-PIPELINING", answers[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        # Refused here and not after the data, so that one bad recipient spares the others.
        fault = self.world.faults.strike("smtp", address, among=REFUSALS)
        if fault.mode is Mode.OK:
            envelope.rcpt_tos.append(address)
            return "250 OK"
        self.world.inbox.refuse(Receipt(channel="email", to=address), reason=fault.mode)
        if fault.mode is Mode.RATELIMIT:
            await server.push(REFUSALS[fault.mode])
            await _hang_up(server)
        return REFUSALS[fault.mode]

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fault = self.world.faults.strike("smtp", " ".join(envelope.rcpt_tos), among=AFTER_DATA)
        for letter in letters(envelope.original_content or b"", recipients=envelope.rcpt_tos):
            if fault.mode in KEEPS:
                self.world.inbox.record(letter)
            else:
                self.world.inbox.refuse(letter, reason=fault.mode)
        if fault.mode is Mode.SLOW:
            await self.world.pause(fault.delay)
        if fault.mode is Mode.HANG:
            await self.world.pause(LONGEST_DELAY)
        if fault.mode in (Mode.HANG, Mode.DROP):
            await _hang_up(server)
        return GARBAGE if fault.mode is Mode.GARBAGE else "250 OK"


def letters(content: bytes, *, recipients: list[str]) -> list[Receipt]:
    """One receipt for each recipient of the envelope: each of them has a mailbox."""
    # Reading a mail properly takes twice as long as taking it in, so it waits for a reader.
    seal = partial(_open, content=content)
    found = MESSAGE_ID.search(content.partition(b"\r\n\r\n")[0])
    key = found[1].decode("utf-8", "replace") if found else ""
    return [Receipt(channel="email", to=to, key=key, seal=seal) for to in recipients]


def _open(letter: Receipt, *, content: bytes) -> None:
    try:
        _read(letter, BytesParser(EmailMessage, policy=POLICY).parsebytes(content))
    except Exception:  # the parser raises assorted errors on headers no standard allows
        letter.text = content.decode("utf-8", "replace")


def _read(letter: Receipt, message: EmailMessage) -> None:
    letter.headers = {name: str(value) for name, value in message.items()}
    letter.subject = letter.headers.get("Subject", "")
    letter.text = _body(message, "plain")
    letter.html = _body(message, "html")
    letter.details = _attachments(message)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return _decoded(part).replace("\r\n", "\n") if part else ""


def _decoded(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except LookupError:
        # A charset Python has never heard of: legible is better than refused.
        raw = part.get_payload(decode=True)
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _attachments(message: EmailMessage) -> dict[str, Any]:
    found = [
        {"name": part.get_filename() or "", "type": part.get_content_type()}
        for part in message.iter_attachments()
    ]
    return {"attachments": found} if found else {}


async def _hang_up(server: SMTP) -> None:
    if server.transport:
        server.transport.close()
    # The loss of the connection cancels this session; answering before that would raise.
    await asyncio.sleep(LONGEST_DELAY)
