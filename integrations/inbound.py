"""Who calls us from outside: the signatures of those who act for a person."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest

from integrations import twilio

LIMIT: Final = 64 * 1024  # bytes; a text message has some hundred


def fields_of(body: bytes) -> list[tuple[str, str]]:
    """A form's fields; NUL is dropped, for no database holds it."""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return [(name, value.replace("\0", "")) for name, value in pairs]


def from_twilio(request: HttpRequest) -> dict[str, str] | None:
    """The fields of a request; None when it is not Twilio's."""
    body = request.read(LIMIT + 1)
    if len(body) > LIMIT:
        return None
    signature = request.headers.get("X-Twilio-Signature", "")
    fields = fields_of(body)
    genuine = signed_by_twilio(request.get_full_path(), fields, signature)
    return dict(fields) if genuine else None


def signed_by_twilio(path: str, fields: Iterable[tuple[str, str]], signature: str) -> bool:
    """Over the address we gave Twilio, not the Host header: a proxy or a liar may have changed it."""
    said = settings.BASE_URL + path + "".join(f"{name}{value}" for name, value in sorted(fields))
    # An empty token would make a signature that anybody can make.
    tokens = [account.token for account in twilio.accounts() if account.token]
    return any(hmac.compare_digest(_mac(token, said), signature.encode()) for token in tokens)


def _mac(token: str, said: str) -> bytes:
    return base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest())


def signed_by_slack(body: bytes, stamp: str, signature: str) -> bool:
    """Signed with our app's secret, and not longer than five minutes ago."""
    # Loaded by the process that is called, not by every one that knows the door: 3 MB each.
    from slack_sdk.signature import SignatureVerifier  # noqa: PLC0415

    try:
        return SignatureVerifier(settings.SLACK_SIGNING_SECRET).is_valid(body, stamp, signature)
    except (ValueError, TypeError):  # no number, no UTF-8, no ASCII: the library looks at neither
        return False
