"""Notifications by browsers: encrypted for each of them, and gone where its push service says so."""

import json
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from integrations import http, web_push
from integrations.web_push import Browser
from statuspage import composing, tokens
from statuspage.domain.addresses import push_endpoint
from statuspage.models import LetterName, Mailing, Page, Subscriber, Way
from statuspage.registry import Fault, Reach, Untaken, ways

ENDED = frozenset({404, 410})  # the browser took it back, or is no more
HOLDS = 4 * 3600  # seconds a push service keeps it for a browser that is away: later it is stale
LETTERS = 400  # of the words: a message has 4 kB in all


@ways.register(Way.PUSH)
class Push(Reach):
    callers = 8

    def __init__(self) -> None:
        self._said: dict[tuple[int, str], dict[str, Any]] = {}

    def tell(self, page: Page, mailing: Mailing, one: Subscriber, *, again: bool) -> None:
        """A repeat takes the place of the first: nobody sees two."""
        said = self._of(page, mailing, one.language)
        leave = tokens.link(page.public_url, "unsubscribe", tokens.leaving(one.key))
        with translation.override(one.language):
            actions = [{"action": "leave", "title": _("Unsubscribe")}]
        data = {"link": said["link"], "leave": leave}
        shown = said["shown"] | {"data": data, "actions": actions}
        _send(page, one, shown, topic=mailing.notice.public_id)

    def write(self, page: Page, one: Subscriber, token: str) -> None:
        link = tokens.link(page.public_url, one.letter, token)
        if one.letter == LetterName.CONFIRM:
            words = _("Press here to get updates of our status page in this browser.")
        else:
            words = _("Press here to change what you hear of.")
        shown = {"title": page.name, "body": words, "tag": "letter", "lang": one.language}
        _send(page, one, shown | {"data": {"link": link}}, topic="letter")

    def _of(self, page: Page, mailing: Mailing, language: str) -> dict[str, Any]:
        key = (mailing.pk, language)
        if key not in self._said:
            with translation.override(language), timezone.override(page.time_zone):
                said = composing.said_of(mailing.update, page, language)
                head = render_to_string("messages/public_update/subject.txt", said).strip()
            notice = mailing.notice.public_id
            shown = {
                "title": head, "body": said["body"][:LETTERS], "tag": notice, "renotify": True,
                "lang": language,
            }  # fmt: skip
            self._said[key] = {"link": said["link"], "shown": shown}
        return self._said[key]


def _send(page: Page, one: Subscriber, shown: dict[str, Any], *, topic: str) -> None:
    url = push_endpoint(one.address, settings.PUSH_HOSTS, also=settings.OUTBOUND_ALLOW)
    if url is None:
        raise Untaken("not a push service that we know", Fault.DEAD)
    browser = Browser(url, *one.push_keys.split(" "))
    content = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        answer = web_push.send(
            browser, content, topic=topic, seconds_to_live=HOLDS, subject=_subject()
        )
    except (http.Forbidden, http.Unreachable) as error:
        raise Untaken(str(error)) from error
    if not answer.ok:
        fault = Fault.GONE if answer.status in ENDED else Fault.PASSING
        raise Untaken(f"HTTP {answer.status}", fault)


def _subject() -> str:
    """Whom a push service writes to about us."""
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
