import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents import services
from incidents.models import Incident
from incidents.services.timeline import Entry, append
from notifications.links import answer_url
from notifications.models import Delivery
from teams.models import User
from tests.browser.conftest import keep

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(page: Page, incident: Incident) -> Page:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("출금 중단")
    return page


def test_the_commander_takes_the_incident_from_the_list_to_its_end(
    signed_in: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    page = signed_in
    keep(page, request, "list")
    page.get_by_role("link", name="출금 중단").first.click()
    keep(page, request, "room")

    page.get_by_role("button", name="확인했어요").first.click()
    expect(page.locator("#head")).to_contain_text("완화 처리")
    page.get_by_role("button", name="완화 처리").first.click()
    page.get_by_role("button", name="해결 처리").first.click()
    page.locator("#ask-resolve").get_by_role("button", name="해결 처리").click()

    expect(page.locator("#head")).to_contain_text("해결")
    incident.refresh_from_db()
    assert incident.status == "resolved"
    assert incident.commander == User.objects.get(username="commander")


def test_a_note_is_written_without_leaving_the_room(signed_in: Page, incident: Incident) -> None:
    page = signed_in
    page.goto(incident.get_absolute_url())

    page.fill("#composer [name=text]", "서명 노드 로그를 보고 있어요 <b>")
    page.locator("#composer").get_by_role("button").click()

    expect(page.locator("#timeline")).to_contain_text("서명 노드 로그를 보고 있어요 <b>")
    expect(page.locator("#composer [name=text]")).to_have_value("")


def test_the_room_follows_what_others_do_and_keeps_what_is_typed(
    signed_in: Page, incident: Incident
) -> None:
    page = signed_in
    page.goto(incident.get_absolute_url())
    page.fill("#composer [name=text]", "쓰는 중")

    services.acknowledge(incident, by=User.objects.get(username="cto"), at=clock.now())

    expect(page.locator("#timeline")).to_contain_text("정유진", timeout=10_000)
    expect(page.locator("#composer [name=text]")).to_have_value("쓰는 중")


def test_what_is_unfolded_or_pushed_aside_stays_so_when_others_do_something(
    signed_in: Page, incident: Incident
) -> None:
    page = signed_in
    page.goto(incident.get_absolute_url())
    unfold = "open => { document.getElementById('more-roles').open = open; }"
    page.evaluate(unfold, True)
    pushed = page.evaluate(
        "() => { const row = document.querySelector('.chips'); row.scrollLeft = 40; return row.scrollLeft; }"
    )

    services.acknowledge(incident, by=User.objects.get(username="cto"), at=clock.now())

    expect(page.locator("#timeline")).to_contain_text("정유진", timeout=10_000)
    expect(page.locator("#more-roles")).to_have_attribute("open", "")
    assert page.evaluate("document.querySelector('.chips').scrollLeft") == pushed
    page.evaluate(unfold, False)
    services.note(incident, text="다음", by=User.objects.get(username="cto"), at=clock.now())
    expect(page.locator("#timeline")).to_contain_text("다음", timeout=10_000)
    expect(page.locator("#more-roles")).not_to_have_attribute("open", "")


def test_the_timeline_of_what_was_merged_is_read_along(
    signed_in: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    who = User.objects.get(username="cto")
    other = services.declare("대기열이 쌓여요", severity="P1", by=who, at=clock.now(), felt=True)
    services.note(other, text="여기서 먼저 봤어요", by=who, at=clock.now())
    services.merge(other, into=incident, by=who, at=clock.now())
    page = signed_in
    page.goto(incident.get_absolute_url())

    page.locator("#show-merged").click()
    expect(page.locator("#timeline .theirs.note")).to_contain_text("여기서 먼저 봤어요")
    expect(page.locator("#show-merged")).to_have_attribute("aria-current", "true")
    page.locator("#timeline").scroll_into_view_if_needed()
    keep(page, request, "merged")
    page.goto("/incidents/declare/")
    page.locator("[name=felt]").scroll_into_view_if_needed()
    keep(page, request, "declare-felt")


def test_older_lines_are_unfolded_and_stay_while_others_write(
    signed_in: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    who, at = User.objects.get(username="cto"), clock.now()
    notes = [Entry("note", at, by=who, data={"text": f"메모 {n}"}) for n in range(450)]
    append(incident, *notes)
    page = signed_in
    page.goto(incident.get_absolute_url())
    page.fill("#composer [name=text]", "쓰는 중")

    page.locator("#show-older").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".timeline li")).to_have_count(400)
    expect(page.locator("#show-older")).to_be_focused()
    page.locator("#show-older").scroll_into_view_if_needed()
    keep(page, request, "older")
    services.note(incident, text="그동안", by=who, at=clock.now())
    expect(page.locator("#timeline")).to_contain_text("그동안", timeout=10_000)
    expect(page.locator(".timeline li")).to_have_count(401)
    page.keyboard.press("Enter")

    expect(page.locator("p#show-older")).to_contain_text("시작")
    expect(page.locator("#event-1")).to_have_count(1)
    expect(page.locator("#composer [name=text]")).to_have_value("쓰는 중")
    page.locator("#show-people").click()
    expect(page.locator("#older .timeline")).to_have_count(0)


def test_nothing_sticks_out_at_the_side(signed_in: Page, incident: Incident) -> None:
    for path in ("/incidents/", incident.get_absolute_url(), "/incidents/declare/", "/alerts/"):
        signed_in.goto(path)
        wider = signed_in.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, path


def test_the_link_in_a_page_shows_one_large_button_and_answers(
    page: Page, incident: Incident, live_server: object, request: pytest.FixtureRequest
) -> None:
    delivery = Delivery.objects.filter(channel="email", recipient__username="senior-dev").get()
    page.goto("/p/" + answer_url(delivery).split("/p/")[1])
    keep(page, request, "answer")
    incident.refresh_from_db()
    assert incident.status == "triggered"

    page.locator("main button.act").click()

    expect(page.locator("main")).to_contain_text("김하늘")
    incident.refresh_from_db()
    assert incident.acknowledged_by == User.objects.get(username="senior-dev")
