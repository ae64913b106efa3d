"""The page on which a person moves the markets and the wallet service."""

import pytest


@pytest.fixture
def page(sandbox):
    sandbox.http.post("/wallet-service/reset").raise_for_status()
    yield sandbox
    sandbox.http.post("/wallet-service/reset").raise_for_status()
    sandbox.http.delete("/markets/catfee/faults").raise_for_status()


@pytest.mark.parametrize(("language", "title"), [("ko", "에너지 시장"), ("en", "Energy markets")])
def test_it_shows_the_rails_and_the_markets(page, language, title):
    said = page.http.get("/trade", params={"lang": language}).text

    for part in (title, "trc20-usdt", "tronsave", "catfee", "tronzap"):
        assert part in said


def test_a_form_breaks_and_mends_a_market(page):
    page.http.post("/trade/faults/catfee", data={"name": "undelivered"})
    broken = page.http.get("/markets/catfee/faults").json()
    page.http.post("/trade/faults/catfee", data={"name": ""})

    assert list(broken) == ["undelivered"]
    assert page.http.get("/markets/catfee/faults").json() == {}


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "계정 정보가 멈춤"), ("en", "Accounts stand")]
)
def test_a_form_lets_a_nodes_accounts_stand_still_while_its_blocks_come(page, language, words):
    def told(path, **body):
        return page.http.post(f"/tron/wallet/{path}", json=body).json()

    address = page.http.get("/chain.json").json()["accounts"]["hot"]["address"]
    assert words in page.http.get("/trade", params={"lang": language}).text
    page.http.post("/trade/faults/tron", data={"name": "accounts_stuck"})
    before = told("getaccount", address=address, visible=True)["balance"]
    page.http.post("/chain/fund", json={"account": "hot", "trx": 5})

    stuck = told("getaccount", address=address, visible=True)["balance"]
    page.http.post("/trade/faults/tron", data={"name": ""})

    assert stuck == before
    assert told("getaccount", address=address, visible=True)["balance"] == before + 5_000_000


def test_a_form_puts_withdrawals_in_the_queue(page):
    hold = {"scope": "all", "reason": "<b>audit</b>", "by": "kim"}
    token = {"Authorization": "Bearer sandbox", "Idempotency-Key": "one"}
    rail = "/wallet-service/v1/rails/trc20-usdt"
    page.http.post(f"{rail}/withdrawals/pause", json=hold, headers=token).raise_for_status()
    page.http.post("/trade/queue/trc20-usdt", data={"count": "40", "priority": "low"})

    assert page.http.get(rail, headers=token).json()["queued"]["low"] == 40
    assert "&lt;b&gt;audit" in page.http.get("/trade").text


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("faults/nobody", {"name": "hang"}, 404),
        ("faults/catfee", {"name": "nonsense"}, 400),
        ("queue/trc20-usdt", {"count": "-1"}, 400),
        ("queue/trc20-usdt", {"count": "1", "priority": "none"}, 400),
        ("queue/nowhere", {"count": "1"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(page, path, data, status):
    assert page.http.post(f"/trade/{path}", data=data).status_code == status
