"""The public page as customers meet it: from its files, in two languages, light and dark, on a phone and on a desk."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from itertools import combinations, product
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from statuspage.domain.states import State
from statuspage.models import Change, Notice
from statuspage.services import publish_due
from statuspage.tree import Tree
from teams.models import User
from tests.browser.conftest import DESKTOP, PHONE, SCREENS
from tests.server import servers
from tests.statuspage.scene import (
    NOW,
    a_month_put_right,
    each_state_in_the_past,
    everything,
    measured,
    page_of_many,
    page_of_three,
    some_are_down,
)
from tests.statuspage.sites import nginx

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

Visit = Callable[..., BrowserContext]
GAP = 3  # pixels between two days
SIGN = 14  # pixels around it, without the words


@pytest.fixture
def tree(tmp_path: Path, settings, commander: User) -> Tree:
    settings.BONGSU_HOME = tmp_path / "home"
    page_of_three()
    each_state_in_the_past()
    a_month_put_right(commander)
    measured()
    everything(commander)
    return Tree()


@pytest.fixture
def visit(browser: Browser, tree: Tree, tmp_path: Path) -> Iterator[Visit]:
    """A reader of their own each time, at nginx with our configuration; whatever leads elsewhere fails the test."""
    contexts: list[BrowserContext] = []
    strangers: list[str] = []

    with nginx(tree, tmp_path / "nginx") as url:

        def watch(request: Request) -> None:
            is_ours = urlsplit(request.url).netloc == urlsplit(url).netloc
            if not (is_ours or request.is_navigation_request()):  # a test goes where it likes
                strangers.append(request.url)

        def come(**how: object) -> BrowserContext:
            context = browser.new_context(base_url=url, **how)
            context.on("request", watch)
            contexts.append(context)
            return context

        yield come
        for one in contexts:
            one.close()
    assert strangers == []


@pytest.fixture
def elsewhere() -> Iterator[Callable[[str], str]]:
    """A page of another origin."""
    with servers() as start:

        def serve(html: str) -> str:
            head = (
                f"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(html)}\r\n\r\n"
            )
            return f"http://localhost:{start((head + html).encode()).port}/"

        yield serve


def paths() -> dict[str, str]:
    """The page, its history, an incident and a maintenance; in both languages."""
    said = Notice.objects.order_by("kind", "-pk").distinct("kind").values_list("kind", "public_id")
    home = {
        "page": "",
        "history": "history/",
        "months": "months/",
        "subscribe": "subscribe/",
        "embed": "embed/",
        "widget": "widget/",
        "metrics": "metrics/",
        **{kind: f"incidents/{key}/" for kind, key in said},
    }
    return {
        f"{name}-{language}": f"/status/{'en/' if language == 'en' else ''}{path}"
        for language in ("ko", "en")
        for name, path in home.items()
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_that_keeps_anybody_out(visit, scheme):
    for size in (PHONE, DESKTOP):
        page = visit(viewport=size, color_scheme=scheme).new_page()
        for name, path in paths().items():
            page.goto(path)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{path} {scheme}\n{found.generate_report()}"
            keep(page, f"status-{name}-{size['width']}-{scheme}")


@pytest.mark.parametrize("groups", [0, 12])
def test_axe_finds_nothing_on_a_page_of_hundreds(visit, tree, groups):
    page_of_many(300, groups=groups)
    some_are_down()
    Change.objects.note("many", at=NOW)
    publish_due(at=NOW)
    for scheme, size in product(("light", "dark"), (PHONE, DESKTOP)):
        page = visit(viewport=size, color_scheme=scheme).new_page()
        for language, home in (("ko", "/status/"), ("en", "/status/en/")):
            page.goto(home)
            for name in ("front", "group"):
                found = Axe().run(page)
                assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
                keep(page, f"status-many-{groups}-{name}-{language}-{size['width']}-{scheme}")
                if name == "front":
                    page.locator("main a[href*='groups/']").last.click()


def test_every_page_is_small_and_whole_without_scripts(visit, tree):
    page = visit(java_script_enabled=False, viewport=PHONE).new_page()
    for path in paths().values():
        assert len((tree.current / f"{path}index.html".lstrip("/")).read_bytes()) < 50_000
        page.goto(path)
        expect(page.locator("main")).to_be_visible()
        expect(page.locator("#stale")).to_be_hidden()
    page.goto("/status/en/")
    expect(page.get_by_text("Withdrawals are delayed <&>").first).to_be_visible()
    expect(page.get_by_text("Written anew every 10 minutes")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_can_be_told_apart_without_colours(visit, scheme):
    """In grey, by what is drawn: no two states' bars are alike."""
    page = visit(viewport=DESKTOP, color_scheme=scheme, device_scale_factor=2).new_page()
    page.goto("/status/")
    bars = page.locator(".days").first
    drawn = {
        mark or "operational": grey(
            page, bars.locator(f"li.{mark}" if mark else "li:not(.m, .d, .x, .z, .u)").first
        )
        for mark in ("", "m", "d", "x", "z", "u")
    }
    for one, other in combinations(drawn, 2):
        assert unlike(drawn[one], drawn[other]) > 0.05, (one, other)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_signs_beside_the_names_can_be_told_apart_without_colours(visit, scheme):
    """Each as the page draws it, in one place: the words beside it are left out."""
    page = visit(viewport=DESKTOP, color_scheme=scheme, device_scale_factor=4).new_page()
    page.goto("/status/")
    sign = page.locator(".state").first
    sign.scroll_into_view_if_needed()
    drawn = {}
    for state in (one for one in State if one is not State.UNKNOWN):
        sign.evaluate("(one, state) => { one.className = `state ${state}`; }", state.value)
        box = sign.bounding_box()
        middle = box["y"] + box["height"] / 2
        clip = {"x": box["x"] - 2, "y": middle - SIGN / 2, "width": SIGN, "height": SIGN}
        picture = Image.open(BytesIO(page.screenshot(clip=clip))).convert("L")
        drawn[state] = np.asarray(picture, dtype=float) / 255
    for one, other in combinations(drawn, 2):
        assert unlike(drawn[one], drawn[other]) > 0.05, (one, other)


def test_a_screen_reader_hears_each_day_that_was_not_well(visit):
    page = visit(viewport=DESKTOP).new_page()
    page.goto("/status/en/")

    bars = page.get_by_role("list", name="Withdrawals, 90 days")
    heard = bars.aria_snapshot()
    assert "November 19 – November 22 Operational" in heard, heard
    for words in (
        "Major outage 1 d",
        "Partial outage 1 d",
        "Degraded 1 d",
        "Maintenance 1 d",
        "No record",
    ):
        assert words in heard, heard


def test_the_page_says_itself_when_nobody_is_there_to_update_it(visit, tree):
    page = visit(viewport=PHONE).new_page()
    sign = tree.current / "status" / "heartbeat.json"
    said = json.loads(sign.read_text())
    tree.put("status/heartbeat.json", json.dumps(said | {"at": "2999-01-01T00:00:00Z"}).encode())
    with page.expect_response("**/heartbeat.json"):
        page.goto("/status/en/")
    expect(page.locator("#stale")).to_be_hidden()

    tree.put("status/heartbeat.json", json.dumps(said).encode())  # since `NOW`, long ago
    with page.expect_response("**/heartbeat.json"):
        page.goto("/status/en/")
    expect(page.locator("#stale")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("We may be unable to update this page")
    keep(page, "status-stale-360")


def test_a_page_left_open_shows_what_is_said_later(visit, tree, commander):
    context = visit(viewport=PHONE)
    context.clock.install()
    page = context.new_page()
    with page.expect_response("**/heartbeat.json"):
        page.goto("/status/en/")
    Notice.objects.filter(title_ko="지난 일").update(title_en="Said later")
    Change.objects.note("update", at=NOW)
    publish_due(at=NOW + timedelta(minutes=1))
    expect(page.get_by_text("Said later")).to_have_count(0)

    context.clock.fast_forward("01:01")

    expect(page.get_by_text("Said later").first).to_be_visible()


def test_the_widget_stands_in_a_page_of_somebody_else_and_nothing_else_does(visit, elsewhere):
    page = visit(viewport=PHONE).new_page()
    page.goto("/status/")
    frames = "".join(
        f'<iframe src="{page.url}{one}" title="{one}"></iframe>' for one in ("en/widget/", "en/")
    )
    page.goto(elsewhere(f"<!doctype html><title>shop</title>{frames}"))

    widget, refused = (frame for frame in page.frames if frame != page.main_frame)
    expect(widget.get_by_role("heading")).to_contain_text("Some services work only in part.")
    assert refused.url.startswith("chrome-error:")


def keep(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def grey(page: Page, bar) -> np.ndarray:
    """A day in the whole height in which bars stand, as brightness from 0 to 1."""
    bar.scroll_into_view_if_needed()
    box, around = bar.bounding_box(), bar.locator("..").bounding_box()
    day = min(box["width"], around["width"] / 90 - GAP)
    clip = {"x": box["x"], "y": around["y"], "width": day, "height": around["height"]}
    picture = Image.open(BytesIO(page.screenshot(clip=clip))).convert("L").resize((12, 72))
    return np.asarray(picture, dtype=float) / 255


def unlike(one: np.ndarray, other: np.ndarray) -> float:
    """How much of the picture differs, 0 to 1."""
    return float((np.abs(one - other) > 0.2).mean())
