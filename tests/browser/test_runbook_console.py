"""A runbook is written in the console: refused with its faults, seen beside the current one, made to count."""

import pytest
from playwright.sync_api import Page, expect

from core import clock
from runbooks import services
from runbooks.models import Runbook, Version
from runbooks.services.loading import write
from teams.models import User
from tests.browser.test_actions import whole
from tests.browser.test_loosening import sign_in
from tests.runbooks.running import go

pytestmark = pytest.mark.browser
SOURCE = """\
title: {ko: 디스크 진단, en: Diagnose disks}
summary: {ko: 서버의 디스크가 얼마나 찼는지 봐요., en: Shows how full the disks of servers are.}
inputs:
  hosts: {type: hosts, label: {ko: 서버, en: Servers}}
steps:
  - name: each
    title: {ko: 서버마다, en: For each server}
    for_each: {items: "{hosts}", as: host, at_once: 3}
    steps:
      - name: disk
        title: {ko: 디스크 사용량 보기, en: Read disk usage}
        command: {on: "{host}", run: [df, -P], read: df, changes: false}
      - name: settle
        title: {ko: 잠시 기다리기, en: Wait a moment}
        wait: 30s
"""


@pytest.fixture
def version(transactional_db: None, seeded: None) -> Version:
    return write(Runbook.objects.create(key="disks"), SOURCE, at=clock.now(), by=None)


def test_a_text_is_refused_then_looked_at_then_made_the_current_one(
    page: Page, version: Version, request: pytest.FixtureRequest
) -> None:
    sign_in(page, "commander")
    page.goto(f"/console/runbooks/runbook/{version.runbook_id}/change/")
    whole(page, request, "console-runbook")
    page.fill("[name=source]", SOURCE.replace("30s", "soon"))
    page.locator("[name=_save]").click()
    expect(page.get_by_text("settle.wait: wait: 500ms, 30s")).to_be_visible()
    whole(page, request, "console-runbook-faults")
    page.fill("[name=source]", SOURCE.replace("30s", "5s"))
    page.locator("[name=_save]").click()
    page.wait_for_url("**/version/*/change/")
    whole(page, request, "console-version")
    User.objects.filter(username="commander").update(language="en")
    page.reload()
    whole(page, request, "console-version-en")
    User.objects.filter(username="commander").update(language="ko")
    page.reload()
    page.get_by_role("button", name="현재 버전으로 적용").click()
    page.wait_for_url("**/runbook/*/change/**")
    version.runbook.refresh_from_db()
    assert version.runbook.current is not None
    assert version.runbook.current.number == 2


def test_runs_and_hosts_are_seen_at_a_glance(
    page: Page, version: Version, request: pytest.FixtureRequest
) -> None:
    person = User.objects.get(username="commander")
    given = {"hosts": ["app1", "app2"]}
    run = go(services.start(version, given, by=person, at=clock.database_now()))
    sign_in(page, "commander")
    for name in ("runbook", "run", f"run/{run.pk}/change", "runstep", "host", "database", "pool"):
        page.goto(f"/console/runbooks/{name}/")
        whole(page, request, f"console-{name.split('/')[0]}-{name.count('/')}")
    page.goto(f"/console/runbooks/runstep/{run.steps.latest('position').pk}/change/")
    whole(page, request, "console-step")
