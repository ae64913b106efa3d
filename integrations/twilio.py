"""Twilio's REST API (2010-04-01): messages and calls, by plain HTTP."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings

from integrations import http

SECONDS: Final = 4.0  # for one request: two accounts in a row stay far within a lease


@dataclass(frozen=True)
class TwilioError(Exception):
    status: int
    text: str
    retry_after: int | None = None
    code: int = 0  # Twilio's own, which says more than the status


@dataclass(frozen=True)
class Account:
    """At Twilio, or at another company that speaks its language."""

    name: str
    url: str
    sid: str
    token: str
    number: str  # that texts and calls come from


def accounts() -> list[Account]:
    """In the order in which they are asked; the second is there if it has an address."""
    first = Account(
        "twilio", settings.TWILIO_API_URL, settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM,
    )  # fmt: skip
    second = Account(
        "backup", settings.TWILIO_BACKUP_API_URL, settings.TWILIO_BACKUP_ACCOUNT_SID,
        settings.TWILIO_BACKUP_AUTH_TOKEN, settings.TWILIO_BACKUP_FROM,
    )  # fmt: skip
    return [first, second] if second.url else [first]


def create(account: Account, resource: str, fields: dict[str, str]) -> str:
    """Create one of "Messages" or "Calls"; its sid. Raises TwilioError or http.Unreachable."""
    answer = _call(account, "POST", resource, body=urlencode(fields).encode())
    sid = _json(answer).get("sid")
    if not sid:
        raise TwilioError(502, "the answer names no sid")
    return str(sid)


def since(account: Account, resource: str, *, to: str, at: datetime) -> list[dict[str, Any]]:
    """What was created for this number from that day on, newest first."""
    query = urlencode({"To": to, "DateSent>": at.date().isoformat(), "PageSize": "50"})
    found = _json(_call(account, "GET", resource, query=query))
    items: list[dict[str, Any]] = found.get(resource.lower(), [])
    return items


def _call(
    account: Account, method: str, resource: str, *, body: bytes = b"", query: str = ""
) -> http.Answer:
    key = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
    address = f"{account.url}/2010-04-01/Accounts/{account.sid}/{resource}.json?{query}"
    return http.call(
        method,
        address.rstrip("?"),
        headers={
            "Authorization": f"Basic {key}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body=body,
        seconds=SECONDS,
        trusted=True,
    )


def _json(answer: http.Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        # Something in between answered for it: what looks like a success is none.
        raise TwilioError(
            502 if answer.ok else answer.status, "the answer is not JSON", answer.retry_after
        )
    if not answer.ok:
        code = found.get("code")
        raise TwilioError(
            answer.status, str(found.get("message", "")), answer.retry_after,
            code if isinstance(code, int) else 0,
        )  # fmt: skip
    return found
