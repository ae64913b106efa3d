"""Doors for those who carry a person's answer to us. Whatever is not signed is refused without a hint."""

from typing import Final
from xml.sax.saxutils import escape

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from incidents.services import answering
from integrations.inbound import fields_of, signed_by_twilio

LIMIT: Final = 64 * 1024  # bytes; a text message has some hundred


@csrf_exempt
@login_not_required
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    fields = _from_twilio(request)
    if fields is None:
        return HttpResponse(status=403)
    if not fields.get("MessageSid"):  # all without one would be taken for repeats of the first
        return HttpResponse("MessageSid is missing", status=400, content_type="text/plain")
    said = answering.reply_by_sms(
        fields.get("From", ""), fields.get("Body", ""),
        key=fields["MessageSid"], at=clock.now(),
    )  # fmt: skip
    return _twiml(f"<Message>{_plain(said)}</Message>")


def _from_twilio(request: HttpRequest) -> dict[str, str] | None:
    body = request.read(LIMIT + 1)
    if len(body) > LIMIT:
        return None
    signature = request.headers.get("X-Twilio-Signature", "")
    fields = fields_of(body)
    genuine = signed_by_twilio(request.get_full_path(), fields, signature)
    return dict(fields) if genuine else None


def _plain(text: str) -> str:
    return escape("".join(each for each in text if each.isprintable()))


def _twiml(content: str) -> HttpResponse:
    return HttpResponse(f"<Response>{content}</Response>", content_type="text/xml; charset=utf-8")
