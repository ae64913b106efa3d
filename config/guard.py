"""The watcher of the watcher: neither database nor broker nor worker has a part in it.

It asks the portal how it is. While all is well it pings an address outside, where somebody else
notices when the pings end; when the portal can page nobody any more, it tells people itself.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from config.guarding import Address, Guard, Word
from integrations import http, smtp, twilio

log = logging.getLogger(__name__)

EVERY = 10.0  # seconds between two looks
PING_EVERY = 60.0
RETRY_EVERY = 60.0
PAGING = ("database", "worker", "monitoring")  # without broker and Beat pages still go


class Refused(Exception):
    """The other side answered, and not with yes."""


FAILURES = (
    http.Unreachable,
    http.Forbidden,
    twilio.TwilioError,
    smtp.MailRefused,
    smtp.MailUnsent,
    Refused,
    ValueError,
)


class Round:
    """What was said and is still owed, from one look to the next."""

    def __init__(self, url: str, ping_url: str, people: Sequence[Address], patience: float) -> None:
        self.url, self.ping_url, self.people = url, ping_url, people
        self.guard = Guard(patience)
        self.owed: dict[Address, tuple[Word, str]] = {}
        self.told: set[Address] = set()
        self.next_try = self.next_ping = 0.0

    def look(self, at: float) -> None:
        fault = fault_of(self.url)
        if word := self.guard.see(well=not fault, at=at):
            self._owe(word, fault)
            self.next_try = at
        if self.owed and at >= self.next_try:
            self._pay()
            self.next_try = at + RETRY_EVERY
        if self.ping_url and not fault and at >= self.next_ping:
            self.next_ping = at + PING_EVERY
            _tried(partial(_ping, self.ping_url), "the outside ping")

    def _owe(self, word: Word, fault: str) -> None:
        log.warning("the portal is %s %s", word.value, fault)
        text = _text(word, fault)
        # Who never heard of the trouble need not hear that it is over.
        hears = (
            self.people if word is Word.DOWN else [one for one in self.people if one in self.told]
        )
        self.owed = dict.fromkeys(hears, (word, text))

    def _pay(self) -> None:
        for address, (word, text) in list(self.owed.items()):
            known_by = urlsplit(address.to).netloc or address.to  # the rest of a webhook is its key
            if _tried(partial(WAYS[address.way], address.to, text), f"{address.way}:{known_by}"):
                del self.owed[address]
                (self.told.add if word is Word.DOWN else self.told.discard)(address)


def run(rounds: Round) -> None:
    while True:
        began = time.monotonic()
        rounds.look(began)
        time.sleep(max(0.0, began + EVERY - time.monotonic()))


def fault_of(url: str) -> str:
    """What is wrong with the portal, in words; empty when it could page somebody."""
    try:
        answer = http.call("GET", f"{url}/readyz", seconds=8.0, trusted=True)
    except (http.Unreachable, http.Forbidden) as error:
        return _("no answer: %(error)s") % {"error": error}
    try:
        parts = json.loads(answer.body)
        return ", ".join(part for part in PAGING if parts[part] != "ok")
    except (ValueError, TypeError, KeyError):  # something else answers in its place
        return f"HTTP {answer.status}"


def _text(word: Word, fault: str) -> str:
    now = timezone.localtime().strftime("%H:%M:%S")
    if word is Word.BACK:
        return _("Bongsu works again (%(time)s). Look for incidents nobody was paged for.") % {
            "time": now
        }
    return _(
        "Bongsu does not watch or cannot page anybody (%(fault)s, %(time)s). Watch the services yourselves until it is back: %(url)s"
    ) % {"fault": fault, "time": now, "url": settings.BASE_URL}


def _tried(do: Callable[[], None], what: str) -> bool:
    try:
        do()
    except FAILURES as error:
        log.error("%s: %s", what, error)
        return False
    return True


def _sms(to: str, text: str) -> None:
    """The second account where the first does not take it."""
    accounts = twilio.accounts()
    for account in accounts:
        fields = {"To": to, "From": account.number, "Body": text}
        try:
            twilio.create(account, "Messages", fields)
            return
        except (twilio.TwilioError, http.Unreachable):
            if account is accounts[-1]:
                raise


def _email(to: str, text: str) -> None:
    smtp.send(
        text[:70], text, f"<p>{escape(text)}</p>", to=to, message_id=f"<{uuid4()}@guard.bongsu>"
    )


def _webhook(to: str, text: str) -> None:
    body = json.dumps({"text": text}).encode()
    headers = {"Content-Type": "application/json"}
    _say_yes(http.call("POST", to, headers=headers, body=body, trusted=True))


def _ping(to: str) -> None:
    _say_yes(http.call("GET", to, seconds=8.0, trusted=True))


def _say_yes(answer: http.Answer) -> None:
    if not answer.ok:
        raise Refused(f"HTTP {answer.status}")


WAYS: dict[str, Callable[[str, str], None]] = {"sms": _sms, "email": _email, "webhook": _webhook}
