"""One receipt as a card."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from html import escape

from sandbox.inbox import Receipt
from sandbox.prose import blocks_as_mrkdwn, linked, mrkdwn
from sandbox.talk import talk

Words = Mapping[str, str]
ICONS = {
    "email": '<rect x="1.75" y="3" width="12.5" height="10" rx="1.5"/><path d="m2.5 4 5.5 4.5L13.5 4"/>',
    "slack": '<path d="M6.5 2 5 14M11 2 9.5 14M2.5 5.75h11.5M2 10.25h11.5"/>',
    "sms": '<path d="M2 3h12v8.5H7L4 14v-2.5H2z"/>',
    "voice": '<path d="M3 2h3l1.2 3.2-1.6 1.3a8 8 0 0 0 3.9 3.9l1.3-1.6L14 10v3a1 1 0 0 1-1 1'
    'A11 11 0 0 1 2 3a1 1 0 0 1 1-1z"/>',
    "webhook": '<path d="M6.5 9.5a3 3 0 0 0 4.2 0l2.4-2.4a3 3 0 0 0-4.2-4.2L7.6 4.2'
    'M9.5 6.5a3 3 0 0 0-4.2 0L2.9 8.9a3 3 0 0 0 4.2 4.2l1.3-1.3"/>',
}
SIGNATURE_MARK = {"valid": "good", "invalid": "p0 bad", "absent": "none open"}
LONG_TEXT, LONG_LINES = 1200, 16


def card(receipt: Receipt, words: Words, *, now: datetime) -> str:
    seen = receipt.opened()
    return f"""<li class="card" id="m{seen.id}" data-edits="{seen.edits}">
<header>{_icon(seen.channel)}<span class="kind">{escape(words.get(seen.channel, seen.channel))}</span>
<b class="to">{escape(seen.to)}</b>{_marks(seen, words)}{_time(seen.at, now)}</header>
{_subject(seen)}{_text(seen, words)}{talk(seen, words)}
<div class="more">{_html(seen, words)}{_source(seen, words)}</div></li>"""


def _icon(channel: str) -> str:
    drawing = ICONS.get(channel, '<circle cx="8" cy="8" r="5"/>')
    return f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{drawing}</svg>'


def _marks(receipt: Receipt, words: Words) -> str:
    marks = []
    if receipt.reason:
        word = words.get(receipt.reason, receipt.reason)
        marks.append(("p1", words["reason"].format(mode=word)))
    if receipt.details.get("company") == "second":
        marks.append(("none open", words["by_backup"]))
    if receipt.duplicate:
        marks.append(("p2 half", words["duplicate"]))
    if signature := receipt.details.get("signature"):
        marks.append((SIGNATURE_MARK[signature], words[signature]))
    return "".join(f'<span class="state {look}">{escape(word)}</span>' for look, word in marks)


def _time(at: str, now: datetime) -> str:
    moment = datetime.fromisoformat(at).astimezone()
    shown = moment.strftime("%H:%M:%S" if moment.date() == now.date() else "%m/%d %H:%M:%S")
    return (
        f'<time datetime="{at}" title="{escape(at)}"><span class="ago"></span>'
        f'<span class="num">{shown}</span></time>'
    )


def _subject(receipt: Receipt) -> str:
    return f"<h2>{escape(receipt.subject)}</h2>" if receipt.subject else ""


def _text(receipt: Receipt, words: Words) -> str:
    if receipt.channel == "webhook":
        return _folded(f"<pre>{escape(_tidy(receipt.text))}</pre>", _tidy(receipt.text), words)
    text = _as_said(receipt).strip()
    if not text and receipt.reason and not receipt.html:
        return f'<p class="muted">{escape(words["unread"])}</p>'
    render = mrkdwn if receipt.channel == "slack" else linked
    look = "text spoken" if receipt.channel == "voice" else "text"
    return _folded(f'<div class="{look}">{render(text)}</div>', text, words) if text else ""


def _as_said(receipt: Receipt) -> str:
    # Slack shows the blocks where there are any; the text is then only for notifications.
    blocks = receipt.details.get("message", {}).get("blocks")
    return (blocks_as_mrkdwn(blocks) if isinstance(blocks, list) else "") or receipt.text


def _tidy(body: str) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body


def _folded(shown: str, text: str, words: Words) -> str:
    if len(text) <= LONG_TEXT and text.count("\n") < LONG_LINES:
        return shown
    label = f'<label><input type="checkbox">{escape(words["whole"])}</label>'
    return f'<div class="fold">{shown}{label}</div>'


def _html(receipt: Receipt, words: Words) -> str:
    if not receipt.html:
        return ""
    state = "" if receipt.text.strip() else " open"
    return (
        f"<details{state}><summary>{escape(words['as_html'])}</summary>"
        f'<iframe title="{escape(receipt.subject)}" loading="lazy" srcdoc="{escape(_page(receipt))}" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe></details>'
    )


def _page(receipt: Receipt) -> str:
    # As in a mail program, links open outside the letter.
    base = '<base target="_blank">'
    page, found = re.subn(
        r"<head[^>]*>", rf"\g<0>{base}", receipt.html, count=1, flags=re.IGNORECASE
    )
    return page if found else base + receipt.html


def _source(receipt: Receipt, words: Words) -> str:
    facts = {"key": receipt.key, **receipt.headers, **_details(receipt)}
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>"
        for name, value in facts.items()
        if value
    )
    return f"<details><summary>{escape(words['headers'])}</summary><dl>{rows}</dl></details>"


def _details(receipt: Receipt) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in receipt.details.items()
    }
