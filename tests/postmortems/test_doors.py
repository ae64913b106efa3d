"""The editor and the PDF, as people and programs meet them."""

import sys
import threading
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client

from incidents import services as incidents
from postmortems import services
from postmortems.models import ActionItem, Postmortem, Rendering
from teams.services import new_api_token
from tests.postmortems.conftest import START

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


def editor(postmortem):
    return f"/incidents/{postmortem.incident_id}/postmortem/"


def pdf(number):
    return f"/incidents/{number}/postmortem.pdf"


def form(postmortem, **said):
    """What the browser sends when everything stays as it is."""
    items = list(postmortem.actions.all())
    fields = {
        "version": postmortem.version, "language": "ko", "state": "draft",
        "summary": postmortem.summary, "users_affected": "", "withdrawals_delayed": "",
        "revenue_impact": "", "contributing_factors": "", "lessons": "",
        "actions-TOTAL_FORMS": len(items), "actions-INITIAL_FORMS": len(items),
    }  # fmt: skip
    for place, item in enumerate(items):
        for name in ("id", "kind", "description", "owner", "due_date", "priority", "status"):
            fields[f"actions-{place}-{name}"] = getattr(item, name)
    return fields | said


def test_what_is_not_over_leads_back_to_its_room(browser, commander):
    incident = incidents.declare("t", severity="P1", by=commander, at=START)

    assert browser.get(f"/incidents/{incident.number}/postmortem/")["Location"] == (
        incident.get_absolute_url()
    )
    assert browser.get(pdf(incident.number))["Location"] == incident.get_absolute_url()


def test_saving_makes_a_new_version_with_all_that_was_written(browser, postmortem):
    answer = browser.post(
        editor(postmortem),
        form(
            postmortem,
            users_affected="1200",
            why_1="DB 락",
            lessons="<b>알람</b>",
            state="published",
        ),
    )

    assert answer.status_code == 302
    saved = Postmortem.objects.get()
    assert (saved.version, saved.state, saved.users_affected) == (2, "published", 1200)
    assert saved.whys == ["DB 락", "", "", "", ""]
    assert saved.lessons == "<b>알람</b>"


def test_an_action_item_can_be_done_and_another_added(browser, postmortem):
    new = {
        "actions-TOTAL_FORMS": 4, "actions-0-status": "done", "actions-3-kind": "IMMEDIATE",
        "actions-3-description": "락 감시", "actions-3-owner": "DB팀",
        "actions-3-due_date": "2026-12-01", "actions-3-priority": "HIGH", "actions-3-status": "open",
    }  # fmt: skip

    assert browser.post(editor(postmortem), form(postmortem, **new)).status_code == 302
    assert ActionItem.objects.filter(status="done").count() == 1
    assert ActionItem.objects.filter(description="락 감시").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"users_affected": "-1"}, {"users_affected": "many"}, {"language": "xx"}, {"state": ""}],
)
def test_what_cannot_be_saved_is_shown_again_with_the_reason(browser, postmortem, wrong):
    answer = browser.post(editor(postmortem), form(postmortem, lessons="내 말", **wrong))

    assert answer.status_code == 400
    assert "내 말" in answer.content.decode()
    assert Postmortem.objects.get().version == 1


def test_who_saves_second_keeps_their_words_on_the_screen(browser, postmortem):
    mine = form(postmortem, lessons="나중에 쓴 교훈")
    browser.post(editor(postmortem), form(postmortem, lessons="먼저 쓴 교훈"))

    answer = browser.post(editor(postmortem), mine)

    assert answer.status_code == 409
    assert "나중에 쓴 교훈" in answer.content.decode()
    assert Postmortem.objects.get().lessons == "먼저 쓴 교훈"


@pytest.mark.parametrize("version", ["", "x", "999"])
def test_a_version_nobody_has_seen_overwrites_nothing(browser, postmortem, version):
    answer = browser.post(editor(postmortem), form(postmortem, version=version, lessons="x"))

    assert answer.status_code in {302, 409}
    assert Postmortem.objects.get().version <= 2


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Token wrong"}, {"authorization": "Basic x"}]
)
def test_a_stranger_gets_no_pdf(postmortem, headers):
    answer = Client().get(pdf(postmortem.incident_id), headers=headers)

    assert answer.status_code in {302, 401}
    assert not Rendering.objects.exists()


def test_while_nobody_makes_it_a_program_is_asked_to_come_back(commander, postmortem, monkeypatch):
    monkeypatch.setattr(services, "PATIENCE", 0.1)
    token = new_api_token(commander, name="t", scope="read")

    answer = Client(headers={"authorization": f"Token {token}"}).get(pdf(postmortem.incident_id))

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"


def test_while_nobody_makes_it_a_person_reads_so_in_the_room(browser, postmortem, monkeypatch):
    monkeypatch.setattr(services, "PATIENCE", 0.1)

    room = browser.get(pdf(postmortem.incident_id), follow=True)

    assert "잠시 뒤" in room.content.decode()


class NoPango:
    """What loading the PDF maker does on a machine without its libraries."""

    def find_spec(self, name, *_args):
        if name == "postmortems.press":
            raise OSError("cannot load library 'libpango-1.0-0'")


def test_without_pango_the_pdf_says_what_to_install(postmortem, monkeypatch, caplog):
    monkeypatch.delitem(sys.modules, "postmortems.press", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    services._ask_for(postmortem, "digest")

    services.render_due()

    assert "apt-get install libpango-1.0-0" in Rendering.objects.get().error
    assert "Traceback" not in caplog.text


def test_one_that_cannot_be_made_says_why_and_is_tried_again_when_asked(postmortem, monkeypatch):
    monkeypatch.setattr(services, "render", lambda _: 1 / 0)
    services._ask_for(postmortem, "digest")
    services.render_due()
    failed = Rendering.objects.get()
    assert "division by zero" in failed.error

    services._ask_for(postmortem, "digest")

    assert Rendering.objects.get().error == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["session", "token"])
def test_the_pdf_is_made_by_the_worker_and_waited_for(browser, commander, postmortem, by):
    token = new_api_token(commander, name="t", scope="read")
    asker = browser if by == "session" else Client(headers={"authorization": f"Token {token}"})
    stop = threading.Event()
    worker = threading.Thread(target=work_until, args=[stop])
    worker.start()

    answer = asker.get(pdf(postmortem.incident_id))

    stop.set()
    worker.join()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def work_until(stop):
    try:
        while not stop.wait(0.05):
            services.render_due()
    finally:
        connection.close()


@pytest.mark.django_db
def test_what_was_made_once_is_not_made_again_until_something_changes(postmortem, monkeypatch):
    press = Mock(return_value=b"%PDF-")
    monkeypatch.setattr(services, "render", press)
    digest = services._digest(postmortem)
    for _ in range(2):
        services._ask_for(postmortem, digest)
        services.render_due()
    services.revise(postmortem, {"lessons": "x"}, at=START)
    services._ask_for(postmortem, services._digest(postmortem))
    services.render_due()

    assert press.call_count == 2
