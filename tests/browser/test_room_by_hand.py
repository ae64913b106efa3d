"""The room by keyboard alone, and by one thumb."""

import pytest
from playwright.sync_api import Locator, Page, expect

from core import clock
from incidents import services
from incidents.domain.roles import Role
from incidents.models import Incident
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_room import signed_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
SMALLEST = 44  # pixels a thumb finds

# Whatever is not what one would press at its own middle; the page's edges are covered on purpose.
COVERED = """[...document.querySelectorAll("main :is(button, a, label, summary)")].filter(el => {
    if (!el.checkVisibility() || el.closest(".hidden, .chips") || el.matches(".composer *")) return false;
    el.scrollIntoView({ block: "center" });
    const box = el.getClientRects()[0], at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return box.width > 1 && !el.contains(at) && !at?.contains(el);
}).map(el => el.outerHTML.slice(0, 80))"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus, as somebody without a mouse would."""
    handle = wanted.element_handle()
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement === wanted", handle):
            return
    pytest.fail(f"the keyboard does not reach {wanted}")


def leaf_to(page: Page, segment: str) -> None:
    """On a phone; a desk shows all of it at once."""
    if page.locator(".segments").is_visible():
        page.locator("label", has=page.locator(f"#segment-{segment}")).click()


@pytest.fixture
def room(signed_in: Page, incident: Incident) -> Page:  # noqa: F811
    who = User.objects.get(username="commander")
    services.add_task(incident, "로그 보관", by=who, at=clock.now(), owner=who)
    signed_in.goto(incident.get_absolute_url())
    return signed_in


@pytest.mark.parametrize("page", ["desktop-light"], indirect=True)
def test_an_incident_is_answered_noted_filtered_pinned_and_ticked_off_by_keyboard(
    room: Page, incident: Incident
) -> None:
    tab_to(room, room.get_by_role("button", name="확인했어요").first)
    room.keyboard.press("Enter")
    expect(room.locator("#head")).to_contain_text("완화 처리")

    tab_to(room, room.locator("#composer [name=text]"))
    room.keyboard.type("서명 노드를 봐요")
    tab_to(room, room.get_by_role("button", name="남기기"))
    room.keyboard.press("Enter")
    expect(room.locator("#timeline")).to_contain_text("서명 노드를 봐요")

    tab_to(room, room.locator("#show-people"))
    room.keyboard.press("Enter")
    expect(room.locator("#timeline li.note")).to_have_count(1)
    expect(room.locator("#show-people")).to_have_attribute("aria-current", "true")

    tab_to(room, room.locator("#timeline li.note .pin"))
    room.keyboard.press("Space")
    expect(room.locator(".moments")).to_contain_text("서명 노드를 봐요", timeout=10_000)

    tab_to(room, room.get_by_role("checkbox", name="로그 보관"))
    room.keyboard.press("Space")
    expect(room.get_by_role("checkbox", name="로그 보관")).to_be_checked(timeout=10_000)
    assert incident.tasks.get().done_by == User.objects.get(username="commander")


def test_a_role_is_handed_over_by_one_tap_or_key_and_searched_for_somebody_else(
    room: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    who = User.objects.get(username="cto")
    services.join(incident, by=who, at=clock.now())
    room.goto(incident.get_absolute_url())
    chip = room.locator(f"#give-scribe-{who.pk}")
    room.locator("#roles").scroll_into_view_if_needed()
    keep(room, request, "roles")

    tab_to(room, chip)
    room.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-pressed", "true", timeout=10_000)
    expect(chip).to_be_focused()
    assert incident.roles.now().get(role="scribe").user == who
    room.locator("#roles").scroll_into_view_if_needed()
    keep(room, request, "roles-given")

    room.locator("#give-scribe").click()
    room.get_by_role("searchbox").fill("하늘")
    expect(room.locator("#found button")).to_have_count(1)
    keep(room, request, "roles-search")
    room.locator("#found button").click()
    expect(room.locator("#roles")).to_contain_text("김하늘")


def test_a_live_update_takes_the_focus_from_nobody(room: Page, incident: Incident) -> None:
    leaf_to(room, "work")
    check = room.get_by_role("checkbox", name="로그 보관")
    check.focus()

    services.note(incident, "다른 사람의 메모", by=User.objects.get(username="cto"), at=clock.now())

    expect(room.locator("#timeline")).to_contain_text("다른 사람의 메모", timeout=10_000)
    expect(check).to_be_focused()


@pytest.mark.parametrize("page", ["phone-dark"], indirect=True)
def test_one_tap_leads_to_the_timeline_and_a_note_says_that_it_is_there(
    room: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    room.locator("#composer [name=text]").fill("서명 노드를 봐요")
    room.get_by_role("button", name="남기기").tap()
    expect(room.locator("#composer")).to_contain_text("타임라인에 남겼어요")
    keep(room, request, "noted")

    leaf_to(room, "story")
    expect(room.locator("#timeline li").first).to_be_in_viewport()
    expect(room.locator("#people")).to_be_hidden()
    leaf_to(room, "work")
    expect(room.locator("#tasks")).to_be_in_viewport()
    leaf_to(room, "now")
    expect(room.locator("#roles")).to_be_visible()


@pytest.mark.parametrize("page", ["phone-dark"], indirect=True)
def test_a_thumb_finds_every_button(room: Page, incident: Incident) -> None:
    for segment in ("now", "story", "work"):
        leaf_to(room, segment)
        small = room.evaluate(
            """least => [...document.querySelectorAll("main :is(button, .btn, summary, nav a)")]
                .filter(el => el.checkVisibility() && el.getBoundingClientRect().height < least)
                .map(el => el.outerHTML.slice(0, 80))""",
            SMALLEST,
        )
        assert small == []
        assert room.evaluate(COVERED) == []


def test_the_pages_around_the_room_fit_its_width(room: Page, incident: Incident) -> None:
    for page in ("handover/", "similar/", "tasks/add/", "evidence/add/", "merge/"):
        room.goto(f"{incident.get_absolute_url()}{page}")
        wider = room.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, page


@pytest.mark.parametrize("page", ["phone-light", "desktop-dark"], indirect=True)
def test_a_full_room_fits_in_english_too(
    room: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    who, at = User.objects.get(username="commander"), clock.now()
    User.objects.filter(pk=who.pk).update(language="en")
    for role in (Role.COMMANDER, Role.EXPERT):
        services.give_role(incident, role, to=who, by=who, at=at)
    services.note(
        incident, "https://wiki.company.com/" + "runbooks-of-the-wallet/" * 6, by=who, at=at
    )
    services.pin(incident, 1, by=who, at=at)
    room.goto(incident.get_absolute_url())

    expect(room.locator("#roles")).to_contain_text("Leave")
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert room.evaluate(wider) <= 0
    room.locator("#roles").scroll_into_view_if_needed()
    keep(room, request, "room-english-roles")
    room.locator("#timeline").scroll_into_view_if_needed()
    keep(room, request, "room-english")


def test_on_a_phone_everybody_at_hand_is_reached_by_one_tap(
    room: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    names = ["cto", "ceo", "dev1", "dev2", "devops", "tech-lead", "senior-dev"]
    for each in names:
        services.join(incident, by=User.objects.get(username=each), at=clock.now())
    User.objects.filter(username="devops").update(display_name="아주아주아주긴이름" * 6)
    room.goto(incident.get_absolute_url())
    chips = room.locator("[id^=give-commander-]")
    expect(chips).to_have_count(8)
    chips.first.scroll_into_view_if_needed()
    keep(room, request, "chips")

    wide = room.viewport_size["width"] if room.viewport_size else 0
    for chip in chips.all():
        box = chip.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= wide
    assert room.evaluate("document.documentElement.scrollWidth") <= wide
    chips.last.click()
    expect(chips.last).to_have_attribute("aria-pressed", "true", timeout=10_000)
