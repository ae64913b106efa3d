"""The letters that confirm and manage: due rows, carried out by whoever comes first, and again when one dies."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from core.bilingual import in_language
from integrations import smtp
from statuspage import tokens
from statuspage.models import LetterName, Page, Standing, Subscriber, Way
from statuspage.registry import Fault, Untaken, ways
from statuspage.services import subscribing

log = logging.getLogger(__name__)

AGAIN: Final = timedelta(minutes=1)  # times the tries so far; longer than a letter may take
TRIES: Final = 6


def write_due(*, at: datetime) -> int:
    """How many letters went out."""
    page = Page.objects.first()
    written = 0
    while page and (one := _claim(at)):
        written += _write(one, page, at)
    return written


def _claim(at: datetime) -> Subscriber | None:
    """The next one that is due; should we die now, it is due again."""
    with transaction.atomic():
        due = Subscriber.objects.filter(letter_due_at__lte=at).order_by("letter_due_at")
        one = due.select_for_update(skip_locked=True).first()
        if one is None:
            return None
        one.letter_tries += 1
        one.letter_due_at = at + AGAIN * one.letter_tries
        one.save(update_fields=["letter_tries", "letter_due_at"])
        return one


def _write(one: Subscriber, page: Page, at: datetime) -> bool:
    return (_mail if Way(one.way).has_mailbox else _call)(one, page, at)


def _call(one: Subscriber, page: Page, at: datetime) -> bool:
    """To where updates go."""
    try:
        with translation.override(one.language):
            ways[one.way].write(page, one, tokens.of_letter(one))
    except Untaken as untaken:
        if untaken.fault is not Fault.PASSING:
            _give_up(one, str(untaken), at)
        elif one.letter_tries >= TRIES:
            _done(one)
        log.warning("letter to subscriber %s unsent: %s", one, untaken)
        return False
    _done(one)
    return True


def _mail(one: Subscriber, page: Page, at: datetime) -> bool:
    what, token = LetterName(one.letter).value, tokens.of_letter(one)
    link = tokens.link(page.public_url, what, token)
    with translation.override(one.language):
        said = {"page": page, "link": link, "subscriber": one}
        subject, text, html = (
            render_to_string(f"messages/subscriber_{what}/{form}", said).strip()
            for form in ("subject.txt", "text.txt", "mail.html")
        )
    try:
        smtp.send(
            subject, text, html, to=one.mailbox, message_id=_message_id(token),
            name=in_language(page.name_ko, page.name_en, one.language),
        )  # fmt: skip
    except smtp.MailRefused as error:
        if error.code >= 500:
            _give_up(one, str(error), at)
        elif one.letter_tries >= TRIES:
            _done(one)
        return False
    except smtp.MailUnsent as error:
        log.warning("letter to subscriber %s unsent: %s", one, error)
        return False
    _done(one)
    return True


def _done(one: Subscriber) -> None:
    Subscriber.objects.filter(pk=one.pk, letter_at=one.letter_at).update(letter_due_at=None)


def _give_up(one: Subscriber, words: str, at: datetime) -> None:
    """There is no such mailbox: nobody waits for it, and nobody is told who typed it."""
    _done(one)
    mine = Subscriber.objects.filter(pk=one.pk)
    subscribing.quarantine(mine, words, at=at)
    mine.filter(standing=Standing.UNCONFIRMED).delete()


def _message_id(token: str) -> str:
    return f"<{tokens.digest(token)}@{smtp.our_domain()}>"
