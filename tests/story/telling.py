"""Words that the stories share."""

import json
import re
from pathlib import Path
from typing import Any

import httpx2

from tests.running import Product, until

CAPTURED = Path(__file__).parent.parent / "monitoring" / "captured"
Json = Any


def captured(name: str, *, alertname: str, summary: str = "") -> Json:
    """What a real sender once put on the wire, under a name of its own for each story."""
    text = (CAPTURED / f"{name}.json").read_text().replace("WithdrawalQueueStuck", alertname)
    if summary:
        text = text.replace("Withdrawals stuck on wallet", summary)
    return json.loads(text)


def post(address: str, body: Json) -> httpx2.Response:
    answer = httpx2.post(address, json=body)
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    return answer


def the_incident(product: Product, words: str, *, within: float = 10) -> Json:
    """The one incident of this title, as soon as it exists."""
    found: list[Json] = []

    def look() -> bool:
        found[:] = product.api.get("/api/v1/incidents/", params={"search": words}).json()["results"]
        return bool(found)

    assert until(look, within=within), f"no incident about {words!r}"
    assert len(found) == 1
    return found[0]


def act(product: Product, incident: Json, deed: str, **said: str) -> Json:
    answer = product.api.post(f"/api/v1/incidents/{incident['number']}/{deed}/", json=said)
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    return answer.json()


def now(product: Product, incident: Json) -> Json:
    return product.api.get(f"/api/v1/incidents/{incident['number']}/").json()


def timeline(product: Product, incident: Json) -> list[Json]:
    events: list[Json] = product.api.get(
        f"/api/v1/incidents/{incident['number']}/timeline/"
    ).json()["results"]
    return events


def link_in(text: str) -> str:
    """The address that a message asks somebody to open."""
    found = re.search(r"http\S+/p/\S+", text)
    assert found, text
    return found[0]
