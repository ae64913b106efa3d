"""What people already run, unchanged: only an address in its configuration leads to us."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.outside import Receipt
from tests.running import Product, until
from tests.story.monitors import monitors
from tests.story.telling import Json, captured, now, post, the_incident, timeline

pytestmark = [pytest.mark.story, pytest.mark.enable_socket, pytest.mark.timeout(420)]


def test_prometheus_and_its_alertmanager_both_reach_us_and_silence_is_an_end(
    product: Product, tmp_path: Path
) -> None:
    doors = {kind: product.integration(kind, name=kind) for kind in ("prometheus", "alertmanager")}

    with monitors(tmp_path, **doors) as prometheus:
        title = "Prometheus sees the wallet burning"
        product.sandbox.expect("sms", containing=title, within=30)
        assert until(lambda: senders(product, title) == {"prometheus", "alertmanager"}, within=30)
        incident = the_incident(product, title)
        assert (incident["severity"], incident["services"]) == ("P0", ["wallet"])
        assert until(lambda: len(calls(product, title)) == 4, within=20)
        prometheus.kill()

        # Prometheus said how long its word holds, to us and to Alertmanager, which says it is over.
        ended = {"prometheus": "expired", "alertmanager": "resolved"}
        assert until(lambda: endings(product, title) == ended, within=30), endings(product, title)

    assert until(lambda: now(product, incident)["resolution_proposed_at"], within=15)
    kinds = [event["kind"] for event in timeline(product, incident)]
    assert kinds.count("alert_resolved") == 2
    assert len(calls(product, title)) == 4, "two senders of one fire are one incident"


def test_an_alert_nobody_repeats_is_over_when_its_time_is_up(product: Product) -> None:
    door = product.integration("prometheus", name="silent")
    ends = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    [alert] = captured("prometheus-firing", alertname="Silent", summary="Said once")

    post(door, [alert | {"endsAt": ends}])

    incident = the_incident(product, "Said once")
    assert until(lambda: now(product, incident)["resolution_proposed_at"], within=15)
    assert endings(product, "Said once") == {"prometheus": "expired"}


def calls(product: Product, title: str) -> list[Receipt]:
    """Of those who are asked to answer; management is told of a P0 by a call, too."""
    return product.sandbox.pages(channel="voice", containing=title)


def senders(product: Product, title: str) -> set[str]:
    return {alert["sender"] for alert in alerts(product, title)}


def endings(product: Product, title: str) -> dict[str, str]:
    return {
        alert["sender"]: "expired" if alert["expired"] else "resolved"
        for alert in alerts(product, title)
        if alert["status"] == "resolved"
    }


def alerts(product: Product, title: str) -> list[Json]:
    found: list[Json] = product.api.get("/api/v1/alerts/", params={"search": title}).json()[
        "results"
    ]
    return found
