"""Twilio: a text that was written back, a key on a call, and what became of either."""

from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from incidents.services import answering, receipts, texting
from integrations.inbound import from_twilio
from notifications import speech
from notifications.links import call_behind, message_behind
from notifications.rendering import render


@csrf_exempt
@login_not_required
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    fields = from_twilio(request)
    if fields is None:
        return HttpResponse(status=403)
    if not fields.get("MessageSid"):  # all without one would be taken for repeats of the first
        return HttpResponse("MessageSid is missing", status=400, content_type="text/plain")
    said = texting.reply_by_sms(
        fields.get("From", ""), fields.get("Body", ""),
        key=fields["MessageSid"], at=clock.now(),
    )  # fmt: skip
    return _twiml(speech.response(f"<Message>{_plain(said)}</Message>"))


@csrf_exempt
@login_not_required
@require_POST
def voice(request: HttpRequest, token: str) -> HttpResponse:
    """A key on a call: Twilio vouches for the phone, the token for which page it rang about."""
    fields = from_twilio(request)
    if fields is None:
        return HttpResponse(status=403)
    at = clock.now()
    call = call_behind(token, at=at)
    language = call.language if call else settings.LANGUAGE_CODE
    with translation.override(language):
        if call is None:
            said = _("This call is too old to be answered. Nothing was changed.")
        else:
            said = answering.key_on_call(call, fields.get("Digits", ""), at=at)
        if call and not said:
            return _twiml(speech.page(render(call)))
    return _twiml(speech.response(speech.say(said, language)))


@csrf_exempt
@login_not_required
@require_POST
def status(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a text or a call. Late, repeated and out of order, as Twilio may send them."""
    fields = from_twilio(request)
    if fields is None:
        return HttpResponse(status=403)
    at = clock.now()
    if page := message_behind(token, at=at):
        receipts.reported(
            page,
            fields.get("MessageStatus") or fields.get("CallStatus", ""),
            provider_id=fields.get("MessageSid") or fields.get("CallSid", ""),
            detail=fields.get("ErrorCode", ""),
            at=at,
        )
    return HttpResponse(status=204)


def _plain(text: str) -> str:
    return escape("".join(each for each in text if each.isprintable() or each == "\n"))


def _twiml(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/xml; charset=utf-8")
