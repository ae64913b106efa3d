import re

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import Incident
from incidents.services import take_in
from monitoring.models import Rule
from notifications.links import answer_url
from notifications.models import Delivery
from tests.browser.conftest import keep
from tests.browser.measured import measure

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(page: Page, incident: Incident) -> Page:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/incidents/")
    return page


@pytest.fixture
def measured(signed_in: Page) -> Page:
    measure(at=clock.now())
    take_in(at=clock.now())
    return signed_in


WIDE = """[...document.querySelectorAll("main *")].filter((one) =>
    document.documentElement.scrollWidth > innerWidth && one.getBoundingClientRect().right > innerWidth + 1)
    .filter((one) => !one.closest(".sections, .ranges, .picks")).map((one) => one.outerHTML.slice(0, 90) + one.getBoundingClientRect().right)"""


OVER_THE_NEXT = """[...document.querySelectorAll(".lights tbody tr")].filter((row) =>
    [...row.querySelectorAll(".light")].some((one) =>
        one.getBoundingClientRect().bottom > row.getBoundingClientRect().bottom + 1)).length"""


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate(WIDE) == []


def test_the_lights_say_in_one_look_what_is_broken(
    measured: Page, request: pytest.FixtureRequest
) -> None:
    page = measured
    page.get_by_role("link", name="모니터링", exact=True).click()

    expect(page.locator(".light.p1 .sev")).to_be_visible()
    no_wider_than_the_screen(page)
    assert page.evaluate(OVER_THE_NEXT) == 0
    keep(page, request, "overview")
    page.goto("/monitoring/metrics/")
    no_wider_than_the_screen(page)
    keep(page, request, "metrics")
    page.fill("#q", "host=web-1")
    expect(page.locator(".row.metric")).to_have_count(6)


def test_a_metric_is_drawn_with_what_fired(measured: Page, request: pytest.FixtureRequest) -> None:
    page = measured
    page.goto("/monitoring/metrics/?q=api_request")
    page.locator(".row.metric .title").click()

    expect(page.locator(".chart .line").first).to_be_attached()
    expect(page.locator(".moments-named text")).to_contain_text("#")
    no_wider_than_the_screen(page)
    keep(page, request, "metric")
    page.get_by_role("link", name="1시간").click()
    page.wait_for_url("**range=1h")
    keep(page, request, "metric-1h")


def test_the_chart_is_in_the_room_and_behind_the_link_of_the_page(
    measured: Page, request: pytest.FixtureRequest
) -> None:
    page, phone = measured, request.node.callspec.params["page"].startswith("phone")
    opened = Incident.objects.get(alert_links__alert__key="slow")
    page.goto(opened.get_absolute_url())
    if phone:
        page.locator("label", has=page.locator("#segment-work")).click()
    page.locator(".evidence-chart").scroll_into_view_if_needed()
    no_wider_than_the_screen(page)
    keep(page, request, "room-chart")
    page.goto("/alerts/")
    expect(page.locator(".glimpse .spark")).to_be_visible()
    keep(page, request, "alerts-glimpse")
    delivery = Delivery.objects.about(opened.topic).filter(channel="sms").first()
    page.goto("/p/" + answer_url(delivery).partition("/p/")[2])
    expect(page.locator(".evidence-chart")).to_be_visible()
    no_wider_than_the_screen(page)
    keep(page, request, "answer-chart")


def test_the_wall_shows_what_is_open_what_is_not_well_and_who_is_on_call(
    measured: Page, request: pytest.FixtureRequest
) -> None:
    page = measured
    page.goto("/monitoring/tv/")

    expect(page.locator(".wall-fires li")).to_have_count(2)
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".wall-foot b").first).to_be_visible()
    no_wider_than_the_screen(page)
    keep(page, request, "tv")


def test_a_chart_is_looked_at_by_hand_and_what_was_dragged_is_in_the_address(
    measured: Page, request: pytest.FixtureRequest
) -> None:
    page = measured
    Rule.objects.create(
        name_ko="느린 API", name_en="Slow API", kind="threshold", severity="P1",
        metric="api_request_duration_seconds", params={"limit": 0.5},
    )  # fmt: skip
    page.goto("/monitoring/metrics/?q=api_request")
    page.locator(".row.metric .title").click()
    page.get_by_role("button", name="확대").click()
    over = page.locator(".live-chart .u-over")
    expect(over).to_be_visible()
    expect(page.locator("#course .chart:not(.marks)")).to_be_hidden()
    expect(over.locator(".marks .limit")).to_have_count(1)
    expect(over.locator(".marks .moment-named").first).to_have_text(re.compile("#"))
    box = over.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 60)
    expect(page.locator(".u-legend")).to_contain_text("ms")
    no_wider_than_the_screen(page)
    keep(page, request, "by-hand")

    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 70, steps=4)
    page.mouse.up()
    page.wait_for_url("**from=**")
    expect(page.locator(".live-chart .u-over")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/monitoring/metrics/*/")


def test_hosts_and_one_of_them(measured: Page, request: pytest.FixtureRequest) -> None:
    page = measured
    page.goto("/monitoring/hosts/")
    no_wider_than_the_screen(page)
    keep(page, request, "hosts")
    page.get_by_role("link", name="web-1").click()
    expect(page.locator(".multiples .chart").first).to_be_visible()
    no_wider_than_the_screen(page)
    keep(page, request, "host")


def test_metrics_are_compared_and_the_address_holds_all_of_it(
    measured: Page, request: pytest.FixtureRequest
) -> None:
    page = measured
    page.goto("/monitoring/metrics/?q=api_request")
    page.locator(".row.metric .title").click()
    page.locator(".lead").get_by_role("link", name="비교").click()
    for words in ("oldest", "withdrawals_per"):
        page.fill("#q", words)
        page.press("#q", "Enter")
        page.locator(".offered a", has_text=words).first.click()
        expect(page.locator(".series li", has_text=words)).to_have_count(1)
    expect(page.locator(".series li")).to_have_count(3)
    no_wider_than_the_screen(page)
    keep(page, request, "explore")
    page.select_option("[name=than]", "day")
    page.check("[name=norm]")
    page.get_by_role("button", name="보기").last.click()
    expect(page.locator(".explore .chart")).to_have_count(1)
    keep(page, request, "explore-normalised")


def test_the_first_visit_teaches_how_to_begin(
    signed_in: Page, request: pytest.FixtureRequest
) -> None:
    signed_in.goto("/monitoring/metrics/")

    expect(signed_in.locator(".begin li").first).to_be_visible()
    no_wider_than_the_screen(signed_in)
    keep(signed_in, request, "overview-empty")
