import pytest
from django.test import Client

from energy.domain.measuring import Failed, Fault, measure
from energy.models import Wallet
from energy.services import watch
from tests.energy.wallets import NOW, hot, saying, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client: Client, seeded: None) -> Client:
    Wallet.objects.all().delete()  # those of the sandbox
    assert client.login(username="commander", password="commander-pass")
    return client


def test_a_wallet_says_how_it_stands(client: Client) -> None:
    wallet = hot()
    watch(at=NOW, look=saying(measure(seen(4), at=NOW)))

    (found,) = client.get("/api/v1/energy/wallets/").json()["results"]

    assert (found["state"], found["confirmed"]) == ("EMERGENCY", "OK")
    assert (found["reading"]["left"], found["reading"]["percent"]) == (400_000, 4.0)
    assert (found["transfers_left"], found["runway_p50"]) == (6, None)
    assert client.get(f"/api/v1/energy/wallets/{wallet.pk}/").json() == found


def test_a_failed_reading_has_no_percentage(client: Client) -> None:
    wallet = hot()
    watch(at=NOW, look=saying(Failed(Fault.STALE_HEAD, "an hour")))

    (found,) = client.get(f"/api/v1/energy/readings/?wallet={wallet.pk}").json()["results"]

    assert (found["valid"], found["fault"], found["percent"]) == (False, "stale_head", None)
    assert client.get("/api/v1/energy/readings/?wallet=0").json()["count"] == 0
    assert Wallet.objects.get().state == "MEASUREMENT_FAILED"


def test_nothing_is_changed_through_the_api(client: Client) -> None:
    wallet = hot()

    assert client.post("/api/v1/energy/wallets/", {}).status_code == 405
    assert client.delete(f"/api/v1/energy/wallets/{wallet.pk}/").status_code == 405
