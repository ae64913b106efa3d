"""Twilio's REST API (2010-04-01): messages and calls, by plain HTTP."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from integrations import http


@dataclass(frozen=True)
class TwilioError(Exception):
    status: int
    text: str
    retry_after: int | None = None


def create(resource: str, fields: dict[str, str]) -> str:
    """Create one of "Messages" or "Calls"; its sid. Raises TwilioError or http.Unreachable."""
    answer = _call("POST", resource, body=urlencode(fields).encode())
    return str(_json(answer)["sid"])


def since(resource: str, *, to: str, at: datetime) -> list[dict[str, Any]]:
    """What was created for this number from that day on, newest first."""
    query = urlencode({"To": to, "DateSent>": at.date().isoformat(), "PageSize": "50"})
    found = _json(_call("GET", resource, query=query))
    items: list[dict[str, Any]] = found.get(resource.lower(), [])
    return items


def _call(method: str, resource: str, *, body: bytes = b"", query: str = "") -> http.Answer:
    account, token = settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN
    key = base64.b64encode(f"{account}:{token}".encode()).decode()
    return http.call(
        method,
        f"{settings.TWILIO_API_URL}/2010-04-01/Accounts/{account}/{resource}.json?{query}".rstrip(
            "?"
        ),
        headers={
            "Authorization": f"Basic {key}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body=body,
        trusted=True,
    )


def _json(answer: http.Answer) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(answer.body)
    except ValueError:
        found = {"message": "the answer is not JSON"}
        if answer.ok:
            raise TwilioError(502, found["message"]) from None
    if not answer.ok:
        raise TwilioError(answer.status, str(found.get("message", "")), answer.retry_after)
    return found
