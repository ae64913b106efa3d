from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from energy.domain.measuring import measure
from energy.models import (
    EnergyPolicy,
    Market,
    Pause,
    Purchase,
    Response,
    Role,
    StatusName,
    Step,
    Wallet,
)
from energy.services import watch
from incidents.services import declare
from runbooks.models import Action
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_sight import no_wider_than_the_screen
from tests.energy.test_pages import history
from tests.energy.wallets import OTHER, hot, saying, seen

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(page: Page, transactional_db: None, seeded: None) -> Page:
    Wallet.objects.all().delete()  # those of the sandbox
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/incidents/")
    return page


def test_the_energy_page_says_how_long_it_lasts(
    signed_in: Page, request: pytest.FixtureRequest
) -> None:
    page = signed_in
    page.goto("/energy/")
    keep(page, request, "energy-empty")
    wallet = hot(name="핫월렛 1")
    hot(name="금고", address=OTHER, role=Role.TREASURY)
    history(wallet, hours=5, an_hour=1_400_000)

    page.get_by_role("link", name="에너지", exact=True).click()

    expect(page.locator("h1")).to_contain_text("바닥나요")
    expect(page.locator(".gauge .huge")).to_contain_text("22.0")
    no_wider_than_the_screen(page)
    keep(page, request, "energy")
    page.screenshot(
        path=f"var/screens/energy-full-{request.node.callspec.params['page']}.png", full_page=True
    )
    page.goto(f"/energy/{wallet.pk}/dry-run/")
    page.get_by_role("button", name="모의 실행").click()
    expect(page.locator(".energy-response")).to_contain_text("CRITICAL_ENERGY_SHORTAGE")
    no_wider_than_the_screen(page)
    keep(page, request, "energy-dry-run")
    page.goto("/energy/")
    page.get_by_role("link", name="핫월렛 1").click()
    expect(page.locator("#readings")).to_be_visible()
    at = clock.now() + timedelta(seconds=30)
    Wallet.objects.update(due_at=at)
    watch(at=at, look=saying(measure(seen(0.6, at), at=at)))
    expect(page.locator(".gauge .huge")).to_contain_text("0.6", timeout=15_000)
    no_wider_than_the_screen(page)
    page.screenshot(
        path=f"var/screens/energy-critical-{request.node.callspec.params['page']}.png",
        full_page=True,
    )


def test_a_response_shows_its_steps_and_what_waits(
    signed_in: Page, request: pytest.FixtureRequest
) -> None:
    page, wallet, at = signed_in, hot(name="핫월렛 1"), clock.now()
    history(wallet, hours=2)
    response = Response.objects.create(
        wallet=wallet, policy=EnergyPolicy.now(), level=3, began_at=at - timedelta(minutes=4),
        status=StatusName.CRITICAL_PARTIAL, missing=812_000, estimate_seconds=1_980,
        left=52_000, limit=11_200_000, reported_at=at,
    )  # fmt: skip
    rail = {"rail": "trc20-usdt", "reason": "에너지 부족"}
    order = {"wallet": wallet.pk, "name": wallet.name, "provider": "tronzap", "energy": 2_100_000}
    stake = {"wallet": wallet.pk, "name": "금고", "share_percent": 80}
    done = {"began_at": at, "ended_at": at}
    for lever, kind, given, sun, state in (
        ("PAUSE_WITHDRAWALS", "withdrawals.pause", rail, 0, {"state": "confirmed", **done}),
        ("BUY_ENERGY", "energy.buy", order, 79_800_000, {
            "state": "failed", "text_en": "tronzap: the order is not accepted", **done,
        }),
        ("EMERGENCY_STAKING", "energy.stake", stake, 268_000_000_000, {"state": "proposed"}),
    ):  # fmt: skip
        action = Action.objects.create(
            kind=kind, key=f"shown-{lever}", parameters=given, sun=sun, proposed_at=at, **state
        )
        Step.objects.create(
            response=response, round=1, lever=lever, why="short", level=3, sun=sun, action=action
        )
        if lever == "PAUSE_WITHDRAWALS":
            Pause.objects.create(response=response, action=action, rail="trc20-usdt", whole=True)
    Step.objects.create(
        response=response, round=1, lever="DELEGATE_ENERGY", why="nothing_idle", level=3
    )

    page.goto("/energy/")

    expect(page.locator(".energy-response")).to_contain_text("CRITICAL_RESPONSE_PARTIAL")
    expect(page.locator(".energy-steps li")).to_have_count(3)
    no_wider_than_the_screen(page)
    keep(page, request, "energy-response")
    page.get_by_role("link", name="조기 해제").click()
    expect(page.locator("h1")).to_contain_text("출금 재개")
    no_wider_than_the_screen(page)
    keep(page, request, "energy-lift")


def test_what_does_not_show_and_what_is_set_aside_are_said_and_asked_about(
    signed_in: Page, request: pytest.FixtureRequest
) -> None:
    page, wallet, at = signed_in, hot(name="핫월렛 1"), clock.now()
    history(wallet, hours=2)
    commander = User.objects.get(username="commander")
    incident = declare("에너지 부족", severity="P1", by=commander, at=at)
    response = Response.objects.create(
        incident=incident,
        wallet=wallet, policy=EnergyPolicy.now(), level=3, began_at=at - timedelta(minutes=4),
        status=StatusName.CRITICAL_PARTIAL, left=52_000, limit=11_200_000, reported_at=at,
    )  # fmt: skip
    done = {"proposed_at": at, "began_at": at, "ended_at": at}
    lent = {
        "wallet": wallet.pk,
        "name": "금고",
        "receiver_name": "핫월렛 1",
        "lend_sun": 9 * 10**10,
    }
    action = Action.objects.create(
        kind="energy.delegate", key="lent", parameters=lent, state="confirmed",
        text_ko="블록 70,000,116에 담겼어요.", **done,
    )  # fmt: skip
    Step.objects.create(
        response=response, round=1, lever="DELEGATE_ENERGY", why="short", level=3,
        action=action, unrisen_at=at,
    )  # fmt: skip
    order = {"wallet": wallet.pk, "name": wallet.name, "provider": "catfee", "energy": 2_100_000}
    for key, state, order_state in (
        ("lost", "lost", "never_came"),
        ("came", "confirmed", "arrived"),
    ):
        bought = Action.objects.create(
            kind="energy.buy", key=key, parameters=order, state=state, sun=79_800_000, **done
        )
        Purchase.objects.create(
            action=bought, wallet=wallet, provider="catfee", energy=2_100_000, seconds=3600,
            state=order_state, asked_at=at, ended_at=at, paid_sun=79_800_000, order_id=key,
            arrived_sun=220_000_000_000 if order_state == "arrived" else 0,
        )  # fmt: skip
    Market.objects.create(name="catfee", since=at, good_quotes=5, quoted_at=at)

    page.goto("/energy/")

    expect(page.locator(".energy-steps").first).to_contain_text("한도가 오르지 않음")
    expect(page.locator(".energy-owed")).to_contain_text("catfee")
    no_wider_than_the_screen(page)
    page.screenshot(
        path=f"var/screens/energy-aside-{request.node.callspec.params['page']}.png", full_page=True
    )
    page.get_by_role("link", name="다시 사용").click()
    expect(page.locator("h1")).to_contain_text("catfee")
    no_wider_than_the_screen(page)
    keep(page, request, "energy-bring-back")
    page.goto("/energy/")
    page.get_by_role("link", name="제외하고 진행").click()
    expect(page.locator("h1")).to_contain_text("제외하고 진행")
    no_wider_than_the_screen(page)
    keep(page, request, "energy-go-on")
    page.get_by_role("button", name="제외하고 진행").click()
    page.wait_for_url("**/energy/*/")
    step = Step.objects.get(action=action)
    assert step.waived_by is not None
