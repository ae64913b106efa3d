"""Every answer carries a strict policy; the exception ends at the console's door."""

import re

import pytest
from django.test import Client

from core import clock
from incidents import services
from postmortems.models import Rendering
from postmortems.services import ask, draft

pytestmark = pytest.mark.django_db

POLICY = "Content-Security-Policy"


def strict(answer):
    policy = answer.headers.get(POLICY, "")
    return (
        "default-src 'self'" in policy
        and "object-src 'none'" in policy
        and "base-uri 'none'" in policy
        and "frame-ancestors 'none'" in policy
        and "unsafe" not in policy
        and not re.search(r"[ :]\*|https?:", policy)
    )


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("anonymous", "/", 302),
        ("anonymous", "/accounts/login/", 200),
        ("anonymous", "/accounts/password/reset/", 200),
        ("anonymous", "/p/nothing/", 404),
        ("anonymous", "/api/v1/incidents/", 401),
        ("anonymous", "/api/schema/", 200),
        ("anonymous", "/api/docs/", 200),
        ("anonymous", "/ingest/nothing/", 404),
        ("viewer", "/nothing-here/", 404),
        ("viewer", "/incidents/declare/", 403),
        ("viewer", "/incidents/999999/", 404),
        ("viewer", "/incidents/99999999999999999999999/", 404),
        ("viewer", "/api/v1/incidents/", 200),
        ("viewer", "/api/v1/incidents/999999/", 404),
        ("commander", "/incidents/", 200),
        ("commander", "/alerts/", 200),
        ("commander", "/postmortems/", 200),
        ("commander", "/incidents/declare/", 200),
        ("commander", "/accounts/2fa/", 200),
        ("commander", "/accounts/2fa/totp/activate/", 302),
        ("commander", "/accounts/email/", 200),
    ],
)
def test_every_answer_has_the_strict_policy(browser, role, path, status):
    answer = browser(role).get(path)

    assert answer.status_code == status
    assert strict(answer), answer.headers.get(POLICY)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_room_and_its_parts_have_the_strict_policy(browser, incident):
    client = browser("commander")

    for path in (incident.get_absolute_url(), f"{incident.get_absolute_url()}live/"):
        assert strict(client.get(path))


def test_an_answer_that_failed_has_the_strict_policy(browser, monkeypatch):
    monkeypatch.setattr("incidents.views.incidents.screen.overview", lambda *_, **__: 1 / 0)
    client = browser("viewer")
    client.raise_request_exception = False

    answer = client.get("/incidents/")

    assert answer.status_code == 500
    assert strict(answer)
    assert b"ZeroDivisionError" not in answer.content


def test_a_form_from_elsewhere_is_refused_with_the_strict_policy(everyone):
    client = Client(enforce_csrf_checks=True)
    client.force_login(everyone["commander"])

    answer = client.post("/incidents/declare/", {"title": "t", "severity": "P0"})

    assert answer.status_code == 403
    assert strict(answer)


def test_a_pdf_has_the_strict_policy(browser, incident, everyone):
    services.resolve(incident, by=everyone["commander"], at=clock.now())
    postmortem = draft(incident, by=everyone["commander"], at=clock.now())
    postmortem.refresh_from_db()
    row = ask(postmortem)
    Rendering.objects.filter(pk=row.pk).update(pdf=b"%PDF-", made_at=clock.now())

    answer = browser("viewer").get(f"/incidents/{incident.number}/postmortem.pdf")

    assert (answer.status_code, answer.content) == (200, b"%PDF-")
    assert strict(answer)


def test_the_console_alone_is_relaxed_and_only_for_itself(browser):
    policy = browser("administrator").get("/console/").headers[POLICY]

    assert "'unsafe-eval'" in policy
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:", policy)


def test_the_console_is_strict_to_whom_it_does_not_let_in(browser):
    for role in ("anonymous", "viewer"):
        answer = browser(role).get("/console/")
        assert answer.status_code == 302


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/incidents/", "/incidents/declare/", "/alerts/"]
)
def test_pages_hold_no_script_or_style_of_their_own(browser, path):
    page = browser("commander" if path != "/accounts/login/" else "anonymous").get(path)
    text = page.content.decode()

    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
