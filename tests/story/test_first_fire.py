"""From a real alert to a PDF, nothing mocked inside the product."""

import re
import subprocess

import httpx2
import pytest

from tests.programs import program
from tests.running import PASSWORD, Product, until
from tests.story.telling import Json, act, captured, link_in, now, post, the_incident, timeline

pytestmark = [pytest.mark.story, pytest.mark.enable_socket, pytest.mark.timeout(420)]

CTO = {
    "voice": "+821000000002",
    "sms": "+821000000002",
    "slack": "U0000002",
    "email": "cto@company.com",
}


def test_a_real_alert_pages_by_five_channels_is_answered_from_the_mail_and_ends_as_a_pdf(
    product: Product,
) -> None:
    title = "지갑 출금이 대기열에서 나가지 않음"
    door = product.integration("alertmanager", name="first fire")

    post(door, captured("alertmanager-firing", alertname="FirstFire", summary=title))

    incident = the_incident(product, title)
    assert (incident["severity"], incident["services"]) == ("P0", ["wallet"])
    for channel, address in CTO.items():
        product.sandbox.expect(channel, to=address, containing=title)
    hook = product.sandbox.expect("webhook", to="p0", containing=title)
    assert hook["details"]["signature"] == "valid"

    mail = product.sandbox.expect("email", to=CTO["email"], containing=title)
    answer_from_the_mail(product, incident, link_in(mail["text"]))

    act(product, incident, "mitigate")
    ended = act(product, incident, "resolve")
    assert ended["acknowledged_at"] < ended["mitigated_at"] < ended["resolved_at"]
    assert title in pdf_text(product, incident)


def answer_from_the_mail(product: Product, incident: Json, link: str) -> None:
    """Opening the link changes nothing; only the button does, with the token of its form."""
    visitor = httpx2.Client()
    opened = visitor.get(link)
    assert opened.is_success
    assert visitor.post(link).status_code == 403
    assert now(product, incident)["status"] == "triggered"

    answered = visitor.post(link, data={"csrfmiddlewaretoken": csrf_token(opened.text)})

    assert answered.is_success
    fresh = now(product, incident)
    assert (fresh["status"], fresh["acknowledged_by"]) == ("acknowledged", "정유진")
    assert ("status", "정유진", "email") in [
        (event["kind"], event["actor"], event["data"].get("via"))
        for event in timeline(product, incident)
    ]


def test_pages_to_others_stop_when_one_has_answered(product: Product) -> None:
    door = product.integration("generic", name="answered")
    product.sandbox.misbehave("smtp", "voice", mode="fail")
    post(door, {"title": "Answered early", "severity": "critical", "service": "deposits"})
    product.sandbox.expect("sms", containing="Answered early")

    act(product, the_incident(product, "Answered early"), "acknowledge")
    product.sandbox.calm()

    assert not until(
        lambda: product.sandbox.pages(containing="Answered early", channel="voice"),
        within=8,
    )


def test_each_person_is_paged_in_their_own_language(product: Product) -> None:
    door = product.integration("generic", name="languages")

    post(door, {"title": "Energy pool low", "severity": "high", "service": "energy"})

    korean = product.sandbox.expect("email", to="dev1@", containing="Energy pool low")
    english = product.sandbox.expect("email", to="dev2@", containing="Energy pool low")
    assert "서비스: 에너지" in korean["text"]
    assert "Service: Energy" in english["text"]
    assert "You are on the response team" in english["text"]
    assert "서비스" not in english["text"]


def test_the_commander_sees_it_in_the_portal(product: Product) -> None:
    door = product.integration("generic", name="portal")
    post(door, {"title": "API가 느려요", "severity": "warning", "service": "api"})
    incident = the_incident(product, "API가 느려요")
    browser = httpx2.Client(base_url=product.url, follow_redirects=True)
    assert browser.get("/incidents/").url.path == "/accounts/login/"

    token = csrf_token(browser.get("/accounts/login/").text)
    signed_in = browser.post(
        "/accounts/login/",
        data={"login": "commander", "password": PASSWORD, "csrfmiddlewaretoken": token},
    )

    assert signed_in.url.path == "/incidents/"
    assert "API가 느려요" in browser.get("/incidents/").text
    room = browser.get(f"/incidents/{incident['number']}/").text
    assert all(word in room for word in ("API가 느려요", "최민재", 'lang="ko"'))


def test_a_pagerduty_client_changes_the_host_only(product: Product) -> None:
    said = product.manage("integration", "add", "pagerduty", "--name", "pagerduty").splitlines()
    door, key = said[0], said[-1]
    trigger = captured("pagerduty-trigger", alertname="FromPagerDuty") | {"routing_key": key}

    answer = post(door, trigger)

    assert answer.status_code == 202
    assert answer.json()["dedup_key"] == trigger["dedup_key"]
    incident = the_incident(product, "FromPagerDuty")
    assert (incident["severity"], incident["services"]) == ("P0", ["wallet"])
    post(door, captured("pagerduty-resolve", alertname="FromPagerDuty") | {"routing_key": key})
    assert until(lambda: now(product, incident)["resolution_proposed_at"], within=10)


def test_the_end_of_all_alerts_proposes_the_end_of_the_incident(product: Product) -> None:
    door = product.integration("alertmanager", name="resolving")
    post(door, captured("alertmanager-firing", alertname="Resolving", summary="It comes and goes"))
    incident = the_incident(product, "It comes and goes")

    post(door, captured("alertmanager-resolved", alertname="Resolving"))

    assert until(lambda: now(product, incident)["resolution_proposed_at"], within=10)
    assert now(product, incident)["status"] == "triggered"


def csrf_token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, page
    return found[1]


def pdf_text(product: Product, incident: Json) -> str:
    reader = program("pdftotext", package="poppler-utils")
    answer = product.api.get(f"/incidents/{incident['number']}/postmortem.pdf")
    assert answer.headers["content-type"] == "application/pdf", answer.text
    made = subprocess.run([reader, "-", "-"], input=answer.content, capture_output=True, check=True)
    return made.stdout.decode()
