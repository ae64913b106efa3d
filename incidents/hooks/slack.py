"""Slack: the button under a page, and /bongsu. Slack waits for 3 s: what takes longer is a row of the outbox."""

import json
from html import unescape
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from incidents.services import chat, slash
from integrations.inbound import fields_of, signed_by_slack
from notifications.channels.slack import ACKNOWLEDGE, DECLINE

LIMIT: Final = 256 * 1024  # bytes; a press brings the whole message along


@csrf_exempt
@login_not_required
@require_POST
def slack(request: HttpRequest) -> HttpResponse:
    body = request.read(LIMIT + 1)
    signature = request.headers.get("X-Slack-Signature", "")
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    if len(body) > LIMIT or not signed_by_slack(body, stamp, signature):
        return HttpResponse(status=403)
    fields = dict(fields_of(body))
    if "payload" in fields:
        return _interaction(fields["payload"], key=signature)
    if "command" in fields:
        return _command(fields, key=signature)
    return HttpResponse()  # Slack looks now and then whether we are there


def _interaction(payload: str, *, key: str) -> HttpResponse:
    try:
        press = _press(json.loads(payload))
    except (ValueError, LookupError, TypeError):
        return HttpResponse("no interaction of ours", status=400, content_type="text/plain")
    if press:
        chat.pressed(press, key=key, at=clock.now())
    return HttpResponse()


def _press(said: Any) -> chat.Press | None:
    """None for a button that only opens a link: Slack tells us of these too."""
    action = said["actions"][0]
    if action["action_id"] not in {ACKNOWLEDGE, DECLINE}:
        return None
    return chat.Press(
        user=_text(said["user"]["id"]),
        name=_text(said["user"].get("name", "")),
        page=_text(action["value"]),
        back=_text(said["response_url"]),
        declines=action["action_id"] == DECLINE,
    )


def _text(value: object) -> str:
    """NUL is dropped, for no database holds it."""
    return str(value).replace("\0", "")


def _command(fields: dict[str, str], *, key: str) -> HttpResponse:
    typed = unescape(fields.get("text", ""))  # Slack writes &amp; &lt; &gt;
    place = fields.get("channel_id", "")
    said = slash.command(fields.get("user_id", ""), typed, key=key, at=clock.now(), place=place)
    return JsonResponse({"response_type": "ephemeral", "text": said})
