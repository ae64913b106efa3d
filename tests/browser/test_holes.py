"""The page of holes: what is wrong in the next two weeks, since when, and where it is mended."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import EscalationPolicy, EscalationStep, Incident
from incidents.services.publishing import publish
from teams.models import ContactMethod, User
from teams.rotations import Layer, LayerWindow, Override, Rotation
from tests.browser.conftest import keep
from tests.browser.test_room import signed_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


@pytest.fixture(params=["ko", "en"])
def language(request: pytest.FixtureRequest, incident: Incident) -> str:
    User.objects.filter(username="commander").update(language=request.param)
    return str(request.param)


@pytest.fixture
def full_of_holes(incident: Incident) -> None:
    now = clock.now()
    first, second = Rotation.objects.filter(slug__in=["first", "second"]).order_by("slug")
    layer = Layer.objects.get(rotation=first)
    for weekday in range(5):
        LayerWindow.objects.create(layer=layer, weekday=weekday, start="09:00", end="18:00")
    dev2, devops = User.objects.filter(username__in=["dev2", "devops"]).order_by("username")
    ContactMethod.objects.filter(user=devops).delete()
    for row in (first, second):
        Override.objects.create(
            rotation=row, user=dev2, starts_at=now + timedelta(days=2),
            ends_at=now + timedelta(days=3),
        )  # fmt: skip
    policy = EscalationPolicy.objects.create(slug="old", name_ko="옛 정책", name_en="Old policy")
    EscalationStep.objects.create(policy=policy).people.add(dev2)
    EscalationStep.objects.create(policy=policy, place=1).people.add(dev2)
    publish(policy, by=None, at=now)


def test_each_hole_says_when_it_begins_and_leads_to_where_it_is_mended(
    language: str,
    signed_in: Page,  # noqa: F811
    full_of_holes: None,
    request: pytest.FixtureRequest,
) -> None:
    page = signed_in
    User.objects.filter(username="commander").update(role="administrator")
    page.goto("/on-call/holes/")
    gaps = page.locator(".holes-list li", has_text="당직이 빈" if language == "ko" else "nobody is")
    expect(gaps.locator("time")).not_to_have_count(0)
    first = Rotation.objects.get(slug="first")
    mended_at = f"/console/teams/rotation/{first.pk}/change/"
    expect(gaps.get_by_role("link")).to_have_attribute("href", mended_at)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    keep(page, request, f"holes-{language}")
