"""An update as a mail: written once a language, and spliced for each subscriber.

The body is quoted-printable, which every server takes as it is; what differs from mail to mail stands between
two soft line breaks, so that nothing has to be encoded again.
"""

import binascii
import secrets
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.bilingual import in_language
from integrations.smtp import called, our_domain
from statuspage import wording
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import in_words
from statuspage.models import Mailing, Notice, Page, Update

SOFT: Final = b"=\r\n"
LINE: Final = 72  # of a link, between soft breaks


@dataclass(frozen=True)
class Form:
    """A mail with gaps: the recipient in its head, and the link that ends the subscription."""

    before_to: bytes
    before_header_link: bytes
    before_text_link: bytes
    before_html_link: bytes
    rest: bytes

    def filled(self, to: str, link: str) -> bytes:
        address, plain = to.encode("ascii"), link.encode("ascii")
        quoted = SOFT.join(plain[at : at + LINE] for at in range(0, len(plain), LINE))
        return b"".join(
            (
                self.before_to, address, self.before_header_link, plain,
                self.before_text_link, quoted, self.before_html_link, quoted, self.rest,
            )
        )  # fmt: skip


def form_of(update: Update, page: Page, language: str, *, first: str = "") -> Form:
    """`first`: which update began the thread, by its name. Asks no table."""
    gap = secrets.token_hex(16)
    with translation.override(language), timezone.override(page.time_zone):
        said = said_of(update, page, language) | {"leave": gap}
        subject = render_to_string("messages/public_update/subject.txt", said).strip()
        text = render_to_string("messages/public_update/text.txt", said)
        html = render_to_string("messages/public_update/mail.html", said)
    head = _head(update, page, language, " ".join(subject.split()), first)
    boundary = secrets.token_hex(16).encode()
    before_text, after_text = _quoted(text, gap)
    before_html, after_html = _quoted(html, gap)
    return Form(
        head + b"To: ",
        b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Unsubscribe: <",
        b">\r\nContent-Type: multipart/alternative; boundary=" + boundary + b"\r\n\r\n"
        + _part(boundary, b"plain") + before_text,
        after_text + _part(boundary, b"html") + before_html,
        after_html + b"\r\n--" + boundary + b"--\r\n",
    )  # fmt: skip


def short(mailing: Mailing, page: Page, language: str) -> str:
    """For a text message: what is down, how far it is, and where to read on."""
    with translation.override(language), timezone.override(page.time_zone):
        said = said_of(mailing.update, page, language)
        return render_to_string("messages/public_update/short.txt", said).strip()


def message_id(name: str) -> str:
    """Of an update, the same for everybody and every attempt: a mailbox that has it already can tell."""
    return f"<{name}@{our_domain()}>"


def first_of(notice: Notice) -> str:
    told = notice.updates.filter(told=True).order_by("at", "pk")
    return told.values_list("public_id", flat=True).first() or ""


def said_of(update: Update, page: Page, language: str) -> dict[str, Any]:
    """In the language and the zone that are active; what is only there in another is marked.

    `in_html`: each with its language, for an attribute says it there.
    """
    notice = update.notice
    title = {"ko": notice.title_ko, "en": notice.title_en}
    body = {"ko": update.body_ko, "en": update.body_en}
    names = [(wording.marked(one["name"]), wording.STATES[one["new"]]) for one in update.changes]
    home = "" if language == settings.LANGUAGE_CODE else f"{language}/"
    return {
        "company": page.name, "phase": wording.PHASES[update.phase], "at": update.at,
        "title": wording.marked(title), "body": wording.marked(body), "components": names,
        "in_html": {
            "title": in_words(title, language), "body": in_words(body, language),
            "components": [
                (*in_words(one["name"], language), wording.STATES[one["new"]])
                for one in update.changes
            ],
        },
        "asks": update.phase == Phase.RESOLVED,
        "link": f"{page.public_url}/{home}incidents/{notice.public_id}/",
        "choose": f"{page.public_url}/{home}subscribe/", "notice": notice,
    }  # fmt: skip


def _head(update: Update, page: Page, language: str, subject: str, first: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = called(in_language(page.name_ko, page.name_en, language))
    mail["Subject"] = subject
    mail["Date"] = format_datetime(update.at)
    mail["Message-ID"] = message_id(update.public_id)
    if first not in {"", update.public_id}:
        mail["In-Reply-To"] = mail["References"] = message_id(first)
    mail["List-Id"] = f"<status.{urlsplit(page.public_url).hostname or our_domain()}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = language
    mail["MIME-Version"] = "1.0"
    return mail.as_bytes().removesuffix(b"\r\n")


def _part(boundary: bytes, kind: bytes) -> bytes:
    return (
        b"\r\n--" + boundary + b"\r\nContent-Type: text/" + kind + b"; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )  # fmt: skip


def _quoted(body: str, gap: str) -> tuple[bytes, bytes]:
    """What comes before the gap and after it, as it goes over the wire."""
    before, _, after = body.strip().partition(gap)
    return _encoded(before) + SOFT, SOFT + _encoded(after)


def _encoded(text: str) -> bytes:
    found = binascii.b2a_qp("\n".join(text.splitlines()).encode() + b"\n" * text.endswith("\n"))
    return b"\r\n".join(
        b"." + line if line.startswith(b".") else line for line in found.split(b"\n")
    )
