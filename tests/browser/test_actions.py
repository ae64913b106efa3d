import pytest
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from playwright.sync_api import Page, expect

from core import clock
from incidents.models import Incident
from incidents.services import declare
from runbooks.domain.actions import Caps, Limits, Outcome
from runbooks.models import Action
from runbooks.models import Limits as Row
from runbooks.registry import actions
from runbooks.services import approve, execute_next, propose, refuse
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_sight import no_wider_than_the_screen

pytestmark = pytest.mark.browser
SUN = 1_000_000
RENT, PAUSE = "tests.rent", "tests.pause"


class Renting:
    label = gettext_lazy("Buy energy")
    limits = Limits(
        Caps(20_000 * SUN, 50_000 * SUN, 900_000 * SUN), approval_above_sun=1_000 * SUN,
        second_above_sun=10_000 * SUN,
    )  # fmt: skip

    def describe(self, action: Action) -> str:
        return f"TronSave: {action.parameters['energy']:,} {_('Energy')} → 핫월렛 1"

    def execute(self, action: Action) -> Outcome:
        if action.parameters.get("lost"):
            return Outcome.unknown("TronSave: no answer within 10 s")
        return Outcome.confirmed("4f2a…91cc", order="4f2a91cc")

    def reconcile(self, action: Action) -> Outcome | None:
        return None


class Pausing(Renting):
    label = gettext_lazy("Pause withdrawals")
    limits = Limits()

    def describe(self, action: Action) -> str:
        return "TRC-20 USDT 출금 일시 중지 (214건 대기)"


# The links with a line in whose middle something else is hit; those that are scrolled aside are left out.
COVERED = """[...document.querySelectorAll("main :is(a, button)")].filter((one) => {
    if (one.closest(".chips, .sections, .picks") || !one.checkVisibility()) return false
    one.scrollIntoView({ block: "center", behavior: "instant" })
    return [...one.getClientRects()].some((at) =>
        !one.contains(document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2)))
}).map((one) => one.textContent.trim().slice(0, 60))"""


@pytest.fixture
def company(transactional_db: None, incident: Incident) -> Incident:
    for name, kind in ((RENT, Renting), (PAUSE, Pausing)):
        if name not in actions:
            actions.register(name)(kind)
        Row.of(name)
    Row.objects.update(mode="on")
    one, two = User.objects.filter(role__in=["manager", "commander"]).order_by("pk")[:2]
    at = clock.database_now()

    def rent(key: str, energy: int, trx: int, **more: object) -> Action:
        parameters = {"energy": energy, **more}
        return propose(RENT, key, parameters, at=at, sun=trx * SUN, incident=incident)

    rent("r1", 1_200_000, 900)
    rent("r2", 900_000, 700, lost=True)
    for action in Action.objects.all():
        execute_next(at=clock.database_now(), after=action.pk - 1)
    refuse(rent("r3", 30_000_000, 19_000), by=one, at=at, reason="시세의 두 배예요")
    approve(rent("r4", 9_400_000, 12_400), by=two, at=at)
    propose(PAUSE, "p1", {"rail": "trc20"}, at=at, incident=incident, at_least=1)
    Row.objects.filter(kind=PAUSE).update(mode="off")
    propose(PAUSE, "p2", {"rail": "trx"}, at=at, incident=incident)
    Row.objects.filter(kind=RENT).update(cooldown="1 hour")
    rent("r5", 400_000, 300)
    for action in Action.objects.all():
        execute_next(at=clock.database_now(), after=action.pk - 1)
    return incident


@pytest.fixture
def signed_in(page: Page, company: Incident) -> Page:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "commander")
    page.fill("[name=password]", "commander-pass")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/incidents/")
    return page


def whole(page: Page, request: pytest.FixtureRequest, name: str) -> None:
    no_wider_than_the_screen(page)
    if "/console/" not in page.url:
        assert page.evaluate(COVERED) == []
        page.evaluate("scrollTo(0, 0)")
    which = request.node.callspec.params["page"]
    page.screenshot(path=f"var/screens/{name}-full-{which}.png", full_page=True)


def test_actions_are_read_decided_and_halted(
    signed_in: Page, company: Incident, request: pytest.FixtureRequest
) -> None:
    page = signed_in
    page.goto(company.get_absolute_url())
    expect(page.locator("#actions-waiting")).to_contain_text("9,400,000")
    whole(page, request, "room-actions")
    page.goto("/actions/")
    expect(page.locator("#waiting")).to_contain_text("2")
    keep(page, request, "actions")
    whole(page, request, "actions")
    User.objects.filter(username="commander").update(language="en")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Actions", exact=True)).to_be_visible()
    whole(page, request, "actions-en")
    User.objects.filter(username="commander").update(language="ko")

    page.goto("/actions/")
    page.get_by_role("link", name="9,400,000").first.click()
    whole(page, request, "action")
    page.get_by_role("link", name="승인", exact=True).click()
    expect(page.locator(".follows")).to_contain_text("마지막 승인")
    whole(page, request, "action-approve")
    page.get_by_role("button", name="승인", exact=True).click()
    expect(page.locator(".message.success")).to_be_visible()
    whole(page, request, "action-approved")

    page.goto("/actions/")
    page.get_by_role("link", name="모든 조치 중지").click()
    page.fill("[name=reason]", "같은 지갑으로 두 번 임대하려고 해요")
    whole(page, request, "actions-halt")
    page.get_by_role("button", name="모든 조치 중지").click()
    expect(page.locator(".halted")).to_contain_text("두 번 임대")
    whole(page, request, "actions-halted")
    page.goto("/incidents/")
    keep(page, request, "incidents-halted")
    page.goto("/actions/lift/")
    whole(page, request, "actions-lift")


def test_long_names_and_numbers_lie_on_no_link_beside_them(
    signed_in: Page, company: Incident, request: pytest.FixtureRequest
) -> None:
    page, person = signed_in, User.objects.get(username="commander")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('incidents_incident', 'number'), 98765)"
        )
    title = "핫월렛에서 나가는 TRC-20 USDT 출금이 모두 에너지 부족으로 멈췄어요 " * 2
    at = clock.database_now()
    incident = declare(title, severity="P1", by=person, at=at)
    rent = {"energy": 123_456_789_000_000}
    propose(RENT, "long", rent, at=at, sun=900_000 * SUN, incident=incident)
    page.goto("/actions/")
    whole(page, request, "actions-long")
