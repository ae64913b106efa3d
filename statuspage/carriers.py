"""What those say who carry our mails and texts. Mails: read, and the signature checked, by django-anymail."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from integrations.inbound import from_twilio
from statuspage import tokens
from statuspage.services import bouncing

TRACKING: Final = {  # those whose word can be told from a stranger's with one secret
    "brevo": "BrevoTrackingWebhookView",
    "mailersend": "MailerSendTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
}


@csrf_exempt
@login_not_required
@require_POST
def told(request: HttpRequest) -> HttpResponse:
    """Without a secret there is nobody whom we could believe."""
    if settings.MAIL_PROVIDER not in TRACKING or not all(settings.ANYMAIL.values()):
        return HttpResponse(status=403)
    try:
        return _view(settings.MAIL_PROVIDER)(request)
    except SuspiciousOperation:
        return HttpResponse(status=403)


@csrf_exempt
@login_not_required
@require_POST
def texted(request: HttpRequest, token: str) -> HttpResponse:
    fields = from_twilio(request)
    if fields is None:
        return HttpResponse(status=403)
    if key := tokens.key_texted(token):
        status, error = fields.get("MessageStatus", ""), fields.get("ErrorCode", "")
        bouncing.told_of_text(key, status, error, at=clock.now())
    return HttpResponse(status=204)


@cache
def _view(provider: str) -> Callable[[HttpRequest], HttpResponse]:
    # Loaded where a provider calls, not by every process: it brings a client of its own.
    from anymail.signals import tracking  # noqa: PLC0415

    tracking.connect(_heard)
    module = import_module(f"anymail.webhooks.{provider}")
    view: Callable[[HttpRequest], HttpResponse] = getattr(module, TRACKING[provider]).as_view()
    return view


def _heard(event: Any, **_: Any) -> None:
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    kind = raw.get("Type") or raw.get("event") or raw.get("type") or ""
    words = (
        f"{event.mta_response or event.description or ''} {kind if isinstance(kind, str) else ''}"
    )
    bouncing.told_by_provider(
        event.recipient or "", event.event_type or "", event.reject_reason or "", words.strip(),
        at=clock.now(),
    )  # fmt: skip
