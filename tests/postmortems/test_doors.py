"""The editor and the PDF, as people and programs meet them."""

import threading
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client

from incidents import services as incidents
from postmortems import services
from postmortems.models import ActionItem, Postmortem, Rendering
from postmortems.services import printing
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
    blank = dict.fromkeys(services.TEXTS, "")
    kept = {name: getattr(postmortem, name) for name in ("summary_ko", "summary_en")}
    fields = blank | kept | {"version": postmortem.version, "language": "ko"}
    return fields | {"owner": postmortem.owner_id or ""} | said


def test_what_is_not_over_leads_back_to_its_room(browser, commander):
    incident = incidents.declare("t", severity="P1", by=commander, at=START)

    assert browser.get(f"/incidents/{incident.number}/postmortem/")["Location"] == (
        incident.get_absolute_url()
    )
    assert browser.get(pdf(incident.number))["Location"] == incident.get_absolute_url()


def test_saving_makes_a_new_version_with_all_that_was_written(browser, postmortem):
    said = {"users_affected": "1200", "trx_spent": "12.5", "lessons": "<b>알람</b>"}

    assert browser.post(editor(postmortem), form(postmortem, **said)).status_code == 302
    saved = Postmortem.objects.get()
    assert (saved.version, saved.users_affected, saved.trx_spent) == (2, 1200, 12_500_000)
    assert saved.lessons == "<b>알람</b>"
    assert "&lt;b&gt;" in browser.get(editor(postmortem)).content.decode()


ITEM = {
    "kind": "IMMEDIATE", "description": "락 감시", "owner": "DB팀", "due_date": "2026-12-01",
    "priority": "HIGH", "status": "open", "purpose": "", "person": "", "team": "", "tracker_url": "",
}  # fmt: skip


def test_a_suggested_action_item_is_accepted_changed_or_removed_and_another_added(
    browser, postmortem
):
    first, second, third = postmortem.actions.all()

    browser.post(f"/postmortems/actions/{first.pk}/accept/")
    browser.post(f"/postmortems/actions/{second.pk}/", ITEM | {"status": "done"})
    browser.post(f"/postmortems/actions/{third.pk}/remove/")
    browser.post(f"{editor(postmortem)}actions/new/", ITEM)

    kept = list(ActionItem.objects.order_by("pk").values_list("status", "suggested"))
    assert kept == [("open", False), ("done", False), ("open", False)]
    assert ActionItem.objects.get(pk=second.pk).done_at is not None


@pytest.mark.parametrize(
    "wrong", [{"owner": ""}, {"due_date": "soon"}, {"tracker_url": "javascript:1"}]
)
def test_an_action_item_without_an_owner_or_a_date_is_not_taken(browser, postmortem, wrong):
    answer = browser.post(f"{editor(postmortem)}actions/new/", ITEM | wrong)

    assert answer.status_code == 400
    assert "락 감시" in answer.content.decode()
    assert ActionItem.objects.count() == 3


def move(browser, postmortem, to, **said):
    postmortem.refresh_from_db()
    said = {"to": to, "version": postmortem.version} | said
    page = browser.post(f"{editor(postmortem)}state/", said, follow=True).content.decode()
    postmortem.refresh_from_db()
    return page


def test_it_is_published_after_review_when_nothing_is_only_suggested(browser, postmortem):
    move(browser, postmortem, "published")
    assert postmortem.state == "draft"
    move(browser, postmortem, "review")
    assert "제안" in move(browser, postmortem, "published")
    postmortem.actions.update(suggested=False)

    move(browser, postmortem, "published")

    assert postmortem.state == "published"
    last = postmortem.versions.first()
    assert (last.number, last.state) == (postmortem.version, "published")
    assert len(last.hash) == 64


def test_what_is_published_is_frozen_until_it_is_taken_back(browser, postmortem):
    postmortem.actions.update(suggested=False)
    for to in ("review", "published"):
        move(browser, postmortem, to)
    frozen = postmortem.versions.first()

    answer = browser.post(editor(postmortem), form(postmortem, lessons="나중"))

    assert answer.status_code == 409
    assert Postmortem.objects.get().lessons == ""
    move(browser, postmortem, "review")
    assert browser.post(editor(postmortem), form(postmortem, lessons="나중")).status_code == 302
    assert postmortem.versions.get(number=frozen.number).hash == frozen.hash


def test_nobody_publishes_what_they_have_not_seen(browser, postmortem):
    postmortem.actions.update(suggested=False)
    move(browser, postmortem, "review")

    move(browser, postmortem, "published", version=1)

    assert postmortem.state == "review"


@pytest.mark.parametrize(
    "wrong",
    [{"users_affected": "-1"}, {"users_affected": "many"}, {"language": "xx"}, {"trx_spent": "x"}],
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
    for words in ("나중에 쓴 교훈", "먼저 쓴 교훈"):
        assert words in answer.content.decode()
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
    monkeypatch.setattr(printing, "PATIENCE", 0.1)
    token = new_api_token(commander, name="t", scope="read")

    answer = Client(headers={"authorization": f"Token {token}"}).get(pdf(postmortem.incident_id))

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"


def test_while_nobody_makes_it_a_person_reads_so_in_the_room(browser, postmortem, monkeypatch):
    monkeypatch.setattr(printing, "PATIENCE", 0.1)

    room = browser.get(pdf(postmortem.incident_id), follow=True)

    assert "잠시 뒤" in room.content.decode()


def test_one_that_cannot_be_made_says_why_and_is_tried_again_when_asked(postmortem, monkeypatch):
    monkeypatch.setattr(printing, "render", lambda _: 1 / 0)
    printing._ask_for(postmortem, "digest")
    services.render_due()
    failed = Rendering.objects.get()
    assert "division by zero" in failed.error

    printing._ask_for(postmortem, "digest")

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
    monkeypatch.setattr(printing, "render", press)
    digest = printing._digest(postmortem)
    for _ in range(2):
        printing._ask_for(postmortem, digest)
        services.render_due()
    services.revise(postmortem, {"lessons": "x"}, seen=1, by=None, at=START)
    printing._ask_for(postmortem, printing._digest(postmortem))
    services.render_due()

    assert press.call_count == 2
