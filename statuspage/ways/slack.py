"""Incoming webhooks of other people's Slack: at Slack's own address and nowhere else, looked at each time."""

import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from integrations import http
from integrations.slack import escaped
from statuspage import composing, tokens
from statuspage.domain.addresses import slack_hook
from statuspage.models import LetterName, Mailing, Page, Subscriber, Way
from statuspage.registry import Fault, Reach, Untaken, ways

ENDED = frozenset({403, 404, 410})  # forbidden by the workspace, removed, or its channel archived
LONGEST = 2900  # letters in a section


@ways.register(Way.SLACK)
class Slack(Reach):
    def __init__(self) -> None:
        self._said: dict[tuple[int, str], dict[str, Any]] = {}

    def tell(self, page: Page, mailing: Mailing, one: Subscriber, *, again: bool) -> None:
        """A hook cannot be asked what it has: after a death a message may stand there twice."""
        leave = tokens.link(page.public_url, "unsubscribe", tokens.leaving(one.key))
        with translation.override(one.language):
            words = f"<{leave}|{escaped(_('Unsubscribe'))}>"
        said = self._of(page, mailing, one.language)
        _post(one, said | {"blocks": [*said["blocks"], _small(words)]})

    def write(self, page: Page, one: Subscriber, token: str) -> None:
        link = tokens.link(page.public_url, one.letter, token)
        if one.letter == LetterName.CONFIRM:
            words = _("Updates of our status page shall come here. Somebody has to confirm it:")
            press = _("Confirm")
        else:
            words = _("This is already told of our status page. To change what it hears of:")
            press = _("Change")
        text = f"{escaped(words)} *<{link}|{escaped(press)}>*"
        _post(one, {"text": f"[{page.name}] {words}", "blocks": [_section(text)]})

    def _of(self, page: Page, mailing: Mailing, language: str) -> dict[str, Any]:
        key = (mailing.pk, language)
        if key not in self._said:
            with translation.override(language), timezone.override(page.time_zone):
                said = composing.said_of(mailing.update, page, language)
                head = render_to_string("messages/public_update/subject.txt", said).strip()
                self._said[key] = {"text": escaped(head), "blocks": _blocks(said)}
        return self._said[key]


def _blocks(said: dict[str, Any]) -> list[dict[str, Any]]:
    title = f"*<{said['link']}|{escaped(said['title'])}>* · {escaped(str(said['phase']))}"
    found = [_section(title), _section(escaped(said["body"]))]
    if said["components"]:
        found.append(
            _small("\n".join(f"{escaped(name)}: *{state}*" for name, state in said["components"]))
        )
    return found


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:LONGEST]}}


def _small(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:LONGEST]}]}


def _post(one: Subscriber, said: dict[str, Any]) -> None:
    if slack_hook(one.address, settings.SLACK_HOOKS) is None:
        raise Untaken("not an incoming webhook of Slack's", Fault.DEAD)
    body = json.dumps(said | {"unfurl_links": False}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        answer = http.call("POST", one.address, headers=headers, body=body)
    except (http.Forbidden, http.Unreachable) as error:
        raise Untaken(str(error)) from error
    if not answer.ok:
        fault = Fault.DEAD if answer.status in ENDED else Fault.PASSING
        raise Untaken(f"HTTP {answer.status} {_word(answer)}".strip(), fault)
    if answer.body.lstrip().startswith(b"<"):
        raise Untaken("a web page answered instead of Slack")


def _word(answer: http.Answer) -> str:
    """Slack says why in one word; a page of somebody in between is none."""
    said = answer.body[:60].decode("latin-1")
    return said if said.replace("_", "").isalnum() else ""
