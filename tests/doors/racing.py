"""What racing programs send."""

from typing import Any

from django.test import Client


def declare_by_api(token: str, key: str) -> dict[str, Any]:
    """As a program does that gave up waiting for the first answer and sends it again."""
    answer = Client(headers={"authorization": f"Token {token}", "idempotency-key": key}).post(
        "/api/v1/incidents/",
        {"title": "출금 지연", "severity": "P1"},
        content_type="application/json",
    )
    return {"status": answer.status_code, "said": answer.json()}
