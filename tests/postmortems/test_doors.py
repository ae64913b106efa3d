"""The editor and the PDF, as people and programs meet them."""

import threading

import pytest
from django.db import connection
from django.test import Client

from incidents import services as incidents
from postmortems import services
from postmortems.models import ActionItem, Postmortem, Rendering
from postmortems.services import printing
from teams.services import new_api_token
from tests.postmortems.conftest import START
from tests.postmortems.test_pdf import text

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


def test_while_nobody_makes_it_a_person_sees_how_far_it_is(browser, postmortem):
    page = browser.get(pdf(postmortem.incident_id))
    assert page.status_code == 202
    assert "만드는 중" in page.content.decode()

    Rendering.objects.update(pages=7)
    part = browser.get(pdf(postmortem.incident_id), headers={"hx-request": "true"})
    assert "7쪽" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_a_page_that_waits_for_it_is_led_to_it(browser, postmortem):
    browser.get(pdf(postmortem.incident_id))
    services.render_due()

    part = browser.get(pdf(postmortem.incident_id), headers={"hx-request": "true"})

    assert part["HX-Redirect"] == pdf(postmortem.incident_id)
    assert browser.get(part["HX-Redirect"]).content.startswith(b"%PDF-")


def test_one_that_cannot_be_made_says_why_and_is_made_when_asked_again(
    browser, postmortem, monkeypatch
):  # fmt: skip
    broken = monkeypatch.context
    with broken() as torn:
        torn.setattr(printing, "render", lambda *_, **__: 1 / 0)
        services.ask(postmortem)
        services.render_due()
    page = browser.get(pdf(postmortem.incident_id)).content.decode()
    assert "division by zero" in page
    assert "다시 만들기" in page

    browser.post(pdf(postmortem.incident_id))
    services.render_due()

    assert browser.get(pdf(postmortem.incident_id)).content.startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["ko", "en", "both"])
def test_in_the_language_that_is_asked_for(browser, postmortem, language):
    address = f"{pdf(postmortem.incident_id)}?language={language}"
    browser.get(address)
    services.render_due()

    found = text(browser.get(address).content)

    assert ("타임라인" in found) == (language != "en")
    assert ("Time to acknowledge" in found or "To acknowledge" in found) == (language != "ko")


def test_a_language_there_is_none_of_means_the_postmortems_own(browser, postmortem):
    browser.get(f"{pdf(postmortem.incident_id)}?language=xx")

    assert Rendering.objects.get().language == postmortem.language


@pytest.mark.django_db(transaction=True)
def test_the_pdf_is_made_by_the_worker_and_a_program_waits_for_it(commander, postmortem):
    token = new_api_token(commander, name="t", scope="read")
    asker = Client(headers={"authorization": f"Token {token}"})
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
