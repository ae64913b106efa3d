"""Who must hear of a fire hears of it: at once inside, and outside once somebody has read the words."""

from collections.abc import Iterator

import httpx2
import pytest

from tests import running
from tests.running import PASSWORD, Product, until
from tests.story.telling import Json, act, post, the_incident, timeline
from tests.story.test_first_fire import csrf_token

pytestmark = [pytest.mark.story, pytest.mark.enable_socket, pytest.mark.timeout(420)]

TITLE = "출금이 30분째 나가지 않음"
CEO, CUSTOMERS = "+821000000001", "notifications@customer-portal.com"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One of its own: of a storm, such as the other stories are together, management hears in one message."""
    with running.product(tmp_path_factory, "stakeholders") as product:
        yield product


def test_management_hears_at_once_customers_once_approved_and_all_of_them_of_the_end(
    product: Product,
) -> None:
    door = product.integration("generic", name="stakeholders")

    post(door, {"title": TITLE, "severity": "high", "service": "withdrawals"})

    incident = the_incident(product, TITLE)
    told = product.sandbox.expect("sms", to=CEO, containing=f"장애 #{incident['number']} {TITLE}")
    assert "/p/" not in told["text"], "nobody asks management to acknowledge"
    assert not product.sandbox.inbox(channel="email", to=CUSTOMERS)

    approve_in_the_portal(product, incident, "고객")

    mail = product.sandbox.expect("email", to=CUSTOMERS, containing="출금 서비스 이용이 원활하지")
    assert TITLE not in mail["text"], "customers read no title of ours"

    act(product, incident, "acknowledge")
    act(product, incident, "resolve")
    product.sandbox.expect("slack", to="U0000001", containing="[해결]")
    approve_in_the_portal(product, incident, "고객")
    product.sandbox.expect("email", to=CUSTOMERS, containing="정상적으로 이용하실 수 있습니다")
    assert until(lambda: sorted(life_of(product, incident, "고객")) == WHOLE_LIFE, within=20)
    assert {"ko", "en"} == languages_of(product, incident)


# Twice each; a receipt may be noted after the next draft was made.
WHOLE_LIFE = sorted(["message_drafted", "message_approved", "message_sent"] * 2)


def approve_in_the_portal(product: Product, incident: Json, group: str) -> None:
    """The draft as the page shows it, sent by the button that names the group."""
    browser = signed_in(product)
    address = f"/incidents/{incident['number']}/messages/"
    assert until(lambda: waits(product, incident), within=20)
    page = browser.get(address).text
    draft = next(part for part in page.split('<form class="draft"')[1:] if f"<h3>{group} " in part)
    api = f"/api/v1/incidents/{incident['number']}/messages/"
    rows = product.api.get(api).json()["results"]
    row = next(row for row in rows if row["group"] == "customers" and row["state"] == "draft")
    assert f"{address}{row['id']}/approve/" in draft
    texts = {name: row[name] for name in ("subject_ko", "body_ko", "subject_en", "body_en")}

    done = browser.post(
        f"{address}{row['id']}/approve/",
        data=texts | {"version": row["version"], "csrfmiddlewaretoken": csrf_token(draft)},
        headers={"referer": product.url},
    )

    assert done.is_success, done.text


def waits(product: Product, incident: Json) -> bool:
    rows = product.api.get(f"/api/v1/incidents/{incident['number']}/messages/").json()["results"]
    return any(row["group"] == "customers" and row["state"] == "draft" for row in rows)


def signed_in(product: Product) -> httpx2.Client:
    browser = httpx2.Client(base_url=product.url, follow_redirects=True)
    token = csrf_token(browser.get("/accounts/login/").text)
    said = {"login": "commander", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/accounts/login/", data=said).url.path == "/incidents/"
    return browser


def life_of(product: Product, incident: Json, group: str) -> list[str]:
    events = [event for event in timeline(product, incident) if "group" in event["data"]]
    return [event["kind"] for event in events if event["data"]["group"]["ko"] == group]


def languages_of(product: Product, incident: Json) -> set[str]:
    """In which languages the record keeps what was said."""
    approved = [e for e in timeline(product, incident) if e["kind"] == "message_approved"]
    return set.intersection(*(set(event["data"]["body"]) for event in approved))
