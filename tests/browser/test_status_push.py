"""Notifications in a real Chromium. Its own push service is Google's and out of reach, so two ends are bridged:
`pushManager.subscribe` gives what the sandbox's push service gave, and what that service decrypted is handed to
the real service worker by Chromium's own tools.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from core import clock
from integrations import web_push
from statuspage.domain.phases import Phase
from statuspage.models import Notice, Standing, Subscriber
from statuspage.services import Words, calling, follow, publish_due, say
from statuspage.services.lettering import write_due
from statuspage.tree import Tree
from teams.models import User
from tests.browser.conftest import PHONE
from tests.browser.test_status_page import keep
from tests.notifications.conftest import running_sandbox, sandbox
from tests.sandbox.conftest import Sandbox
from tests.statuspage.scene import declared, page_of_three
from tests.statuspage.sites import nginx

__all__ = ["running_sandbox", "sandbox"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
SUBSCRIBED = (
    "PushManager.prototype.subscribe = async (how) => ({{...{}, toJSON() {{ return {}; }}}});"
)


SHOWN = """(await (await navigator.serviceWorker.getRegistration("/status/")).getNotifications({ tag }))
    .map(({ title, body, data, actions }) => ({ title, body, data, actions }))"""


@pytest.fixture
def site(tmp_path: Path, settings, seeded: None, live_server, sandbox: Sandbox) -> Iterator[str]:
    """Our nginx before the files, and the portal behind it for what is posted."""
    settings.BONGSU_HOME = tmp_path / "home"
    page_of_three()
    publish_due(at=clock.now())
    port = urlsplit(str(live_server)).port
    with nginx(Tree(), tmp_path / "nginx", behind=port) as url:
        settings.PUSH_HOSTS = [f"127.0.0.1:{sandbox.port}"]
        yield url


@pytest.fixture
def visitor(browser: Browser, site: str, sandbox: Sandbox) -> Iterator[Page]:
    said = {"applicationServerKey": web_push.public_key()}
    made = httpx2.post(f"{sandbox.url}/push/browsers", json=said, timeout=10).text
    context = browser.new_context(base_url=site, viewport=PHONE, locale="ko-KR")
    context.grant_permissions(["notifications"], origin=site)
    context.add_init_script(
        f"PushManager.prototype.subscribe = async () => ({{ toJSON: () => ({made}) }});"
    )
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda one: faults.append(one.url) if one.status >= 400 else None)
    yield page
    context.close()
    assert faults == []


def delivered(page: Page, site: str, content: dict[str, Any]) -> dict[str, Any]:
    """What the worker shows of it."""
    tools: CDPSession = page.context.new_cdp_session(page)
    registrations: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: registrations.extend(one["registrationId"] for one in said["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    for _look in range(100):  # up to ten seconds, until its tools tell of the worker
        if registrations:
            break
        page.wait_for_timeout(100)
    tools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": site, "registrationId": registrations[-1], "data": json.dumps(content)},
    )
    page.wait_for_function(f"async (tag) => ({SHOWN}).length", arg=content["tag"])
    shown: dict[str, Any] = page.evaluate(f"async (tag) => ({SHOWN})[0]", content["tag"])
    return shown


def test_a_browser_subscribes_confirms_and_shows_what_is_said(
    visitor: Page, site: str, sandbox: Sandbox, commander: User
):
    visitor.goto("/status/subscribe/")
    visitor.get_by_label("브라우저 알림").check()
    expect(visitor.get_by_label("메일 주소")).to_be_hidden()
    keep(visitor, "status-push-360")
    visitor.get_by_role("button", name="구독하기").click()
    expect(visitor.get_by_role("heading", name="알림을 눌러 주세요")).to_be_visible()

    write_due(at=clock.now())
    (letter,) = sandbox.inbox(channel="push")
    first = delivered(visitor, site, letter["details"])
    assert first["title"] == "단타로"
    way = urlsplit(first["data"]["link"]).path
    visitor.goto(f"/status{way}")
    visitor.get_by_role("button", name="구독하기").click()
    expect(visitor.get_by_role("heading")).to_be_visible()
    assert Subscriber.objects.get().standing == Standing.ACTIVE

    declared(commander, "P1", "withdrawals", at=clock.now())
    follow(at=clock.now())
    said = Words(Phase.INVESTIGATING, "살펴보고 있어요.")
    say(Notice.objects.get(), said, by=commander, at=clock.now())
    calling.call()
    news = sandbox.inbox(channel="push")[-1]["details"]
    shown = delivered(visitor, site, news)
    assert (shown["title"], shown["body"]) == ("[단타로][조사 중] 출금 지연", "살펴보고 있어요.")
    assert shown["actions"][0]["title"] == "구독 해지"


def test_without_scripts_nobody_is_offered_what_needs_one(browser: Browser, site: str):
    context = browser.new_context(base_url=site, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto("/status/subscribe/")
    expect(page.get_by_label("메일 주소")).to_be_visible()
    expect(page.get_by_text("브라우저 알림")).to_be_hidden()
    context.close()
