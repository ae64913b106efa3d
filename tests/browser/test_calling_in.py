"""Calling somebody in, and saying that one cannot take it, by one thumb; the hand-over says both."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from core import clock
from incidents import services
from incidents.models import Incident
from notifications.links import answer_url
from notifications.models import Delivery
from teams.models import ContactMethod, User
from tests.browser.conftest import keep
from tests.browser.test_room import signed_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
SMALLEST = 44  # pixels a thumb finds


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_somebody_is_called_in_declines_and_the_hand_over_says_who_is_waited_for(
    signed_in: Page,  # noqa: F811
    incident: Incident,
    language: str,
    request: pytest.FixtureRequest,
) -> None:
    page, me = signed_in, User.objects.get(username="commander")
    User.objects.filter(pk=me.pk).update(language=language)
    services.acknowledge(incident, by=me, at=clock.now())
    page.goto(incident.get_absolute_url())
    page.locator("#call-in").scroll_into_view_if_needed()
    keep(page, request, f"call-room-{language}")
    page.locator("#call-in").click()

    page.locator("#id_words").fill("방화벽 규칙이 바뀐 것 같아요")
    page.locator("#q").press_sequentially("박도")
    wanted = page.locator("[id^=call-person]")
    expect(wanted).to_have_count(1)
    assert page.locator("#id_words").input_value() == "방화벽 규칙이 바뀐 것 같아요"
    assert wanted.bounding_box()["height"] >= SMALLEST
    assert fits(page)
    keep(page, request, f"call-found-{language}")
    wanted.click()
    expect(page.locator("#timeline")).to_contain_text("박도윤")
    keep(page, request, f"call-called-{language}")

    page.goto(f"{incident.get_absolute_url()}call/")
    assert fits(page)
    keep(page, request, f"call-everybody-{language}")
    page.goto(f"{incident.get_absolute_url()}handover/")
    assert fits(page)
    expect(page.locator("main")).to_contain_text("박도윤")
    keep(page, request, f"call-handover-{language}")
    page.goto(f"{incident.get_absolute_url()}correct/")
    assert fits(page)
    keep(page, request, f"call-correct-{language}")

    called = Delivery.objects.filter(step__startswith="call:", channel="email").get()
    page.goto(answer_url(called).removeprefix(settings.BASE_URL))
    assert fits(page)
    keep(page, request, f"call-answer-{language}")
    page.locator("[name=words]").fill("수술 중이에요")
    page.locator("[name=cannot]").click()
    expect(page.locator("main [role=status]").first).to_contain_text(str(incident.number))
    keep(page, request, f"call-declined-{language}")
    assert incident.timeline.get(kind="declined").data["words"] == "수술 중이에요"


def test_whoever_was_paged_says_in_the_room_that_they_cannot(
    signed_in: Page,  # noqa: F811
    incident: Incident,
    request: pytest.FixtureRequest,
) -> None:
    me = User.objects.get(username="commander")
    ContactMethod.objects.create(user=me, channel="sms", address="+821000000099")
    caller = User.objects.get(username="senior-dev")
    services.call_in(incident, me, by=caller, at=clock.now())
    signed_in.goto(incident.get_absolute_url())
    keep(signed_in, request, "decline-room")
    signed_in.locator("#asked-decline").click()
    expect(signed_in.locator("#decline-words")).to_be_visible()
    keep(signed_in, request, "decline-sheet")
    signed_in.locator("#decline-words").fill("수술 중")
    signed_in.locator("#ask-decline .btn.main").click()

    expect(signed_in.locator("#timeline")).to_contain_text("수술 중")
    expect(signed_in.locator("#asked-decline")).to_have_count(0)
