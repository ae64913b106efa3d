"""Subscribers come and go while PostgreSQL is stopped: they are answered truly, and it is done once, later."""

import re

import httpx2
import pytest

from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]
BOTH = {"incidents": "on", "maintenance": "on", "language": "en"}


def links(product: Product, address: str, what: str) -> list[str]:
    mails = [one for one in product.sandbox.inbox(channel="email") if one["to"] == address]
    found = [re.search(rf"/status/{what}/[^/\s>]+/", one["text"]) for one in mails]
    return [one[0] for one in found if one]


def standing(product: Product, address: str) -> str:
    rows = product.sql("SELECT standing FROM statuspage_subscriber WHERE address = %s", address)
    return str(rows[0][0]) if rows else ""


def test_with_the_database_stopped_they_subscribe_confirm_and_leave(product: Product) -> None:
    base = f"http://127.0.0.1:{product.port}"
    with httpx2.Client(base_url=base, timeout=30) as stranger:

        def ask(address: str) -> httpx2.Response:
            return stranger.post("/status/subscribe/", data=BOTH | {"address": address})

        for address in ("stays@example.com", "goes@example.com"):
            assert ask(address).status_code == 200
            assert until(lambda a=address: links(product, a, "confirm"), within=60)
        assert stranger.post(links(product, "goes@example.com", "confirm")[0]).status_code == 200
        key = product.sql(
            "SELECT key FROM statuspage_subscriber WHERE address = %s", "goes@example.com"
        )[0][0]
        way_out = product.manage(
            "shell", "-v0", "-c",
            f"import uuid; from statuspage import tokens; print(tokens.leaving(uuid.UUID('{key}')))",
        ).strip()  # fmt: skip

        with product.kept_down("postgres"):
            out = f"/status/unsubscribe/{way_out}/"
            button = stranger.get(out)
            answers = [
                stranger.post(out, data={"List-Unsubscribe": "One-Click"}),
                stranger.post(links(product, "stays@example.com", "confirm")[0]),
                ask("new@example.com"),
                ask("new@example.com"),
            ]
            forged = stranger.post(out[:-4] + "AAA/")
            nonsense = ask("no address")
        assert [one.status_code for one in answers] == [202] * 4
        assert button.status_code == 200
        assert "<button>" in button.text
        assert "We have taken it down" in answers[2].text
        assert not any(one.is_redirect or one.cookies for one in answers)
        assert forged.status_code == 410
        assert nonsense.status_code == 400

        def done() -> bool:
            return (
                standing(product, "goes@example.com") == "gone"
                and standing(product, "stays@example.com") == "active"
                and len(links(product, "new@example.com", "confirm")) == 1
            )

        assert until(lambda: product.is_ready() and done(), within=120, every=1)
        assert not list((product.home / "spool").glob("*.json"))
