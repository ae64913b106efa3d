"""Checklists in the portal and by the API: answered item by item, evidence beside, the last time's answers, sign-off."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from maintenance.models import RoundAnswer, RoundFile
from maintenance.services.checklists import begin_due
from monitoring.services import plan_maintenance
from tests.doors.test_queries import cost
from tests.maintenance.rounds import MORNING, begun
from tests.maintenance.test_checklists import PNG, answer

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


def text(response):
    return response.content.decode()


def of(row, **said):
    return {"said": "fine", "note": "", "link": "", "version": row.version} | said


def test_the_page_of_routine_work_leads_to_each_list(browser, everyone):
    row = begun()
    shown = text(browser("viewer").get("/routine/"))
    assert row.get_absolute_url() in shown
    assert "0 / 2" in shown


def test_an_item_is_saved_by_itself_and_comes_back_alone(browser, everyone):
    row = begun().answers.first()

    shown = browser("responder").post(
        f"/routine/answers/{row.pk}/", of(row, note="확인함"), headers=HTMX
    )

    assert shown.status_code == 200
    assert text(shown).count('<li class="check-item') == 1
    assert "1 / 2" in text(shown)  # and how far it is, beside it
    row.refresh_from_db()
    assert (row.said, row.note, row.by) == ("fine", "확인함", everyone["responder"])


def test_who_was_slower_reads_what_the_other_said_and_keeps_their_own(browser, everyone):
    row = begun().answers.first()
    answer(row, everyone["commander"], "finding", note="노드 하나뿐")

    shown = browser("responder").post(
        f"/routine/answers/{row.pk}/", of(row, note="내 메모"), headers=HTMX
    )

    assert shown.status_code == 422
    assert "노드 하나뿐" in text(shown)
    assert "내 메모" in text(shown)
    fresh = RoundAnswer.objects.get(pk=row.pk)
    browser("responder").post(f"/routine/answers/{row.pk}/", of(fresh, note="내 메모"))
    fresh.refresh_from_db()
    assert fresh.note == "내 메모"


def test_a_link_that_is_none_is_said_beside_what_was_typed(browser, everyone):
    row = begun().answers.first()
    shown = browser("responder").post(
        f"/routine/answers/{row.pk}/", of(row, link="javascript:alert(1)"), headers=HTMX
    )
    assert shown.status_code == 422
    row.refresh_from_db()
    assert row.link == ""


def test_evidence_is_uploaded_downloaded_and_removed(browser, everyone):
    row, client = begun().answers.first(), browser("commander")
    file = SimpleUploadedFile("그림.png", PNG)

    client.post(f"/routine/answers/{row.pk}/file/", {"file": file})

    kept = RoundFile.objects.get()
    got = browser("viewer").get(kept.get_absolute_url())
    assert (got.content, got["X-Content-Type-Options"]) == (PNG, "nosniff")
    assert got["Content-Disposition"].startswith("attachment")
    assert browser("responder").post(f"/routine/files/{kept.pk}/remove/").status_code == 403
    client.post(f"/routine/files/{kept.pk}/remove/")
    assert browser("viewer").get(kept.get_absolute_url()).status_code == 404


def test_a_file_comes_back_alone_and_why_it_was_refused_stands_beside_it(browser, everyone):
    row, client = begun(evidence=1).answers.first(), browser("responder")
    address = f"/routine/answers/{row.pk}/file/"

    wrong = client.post(address, {"file": SimpleUploadedFile("a.png", b"MZ")}, headers=HTMX)
    kept = client.post(address, {"file": SimpleUploadedFile("그림.png", PNG)}, headers=HTMX)

    assert (wrong.status_code, kept.status_code) == (422, 200)
    assert "내용이 이름과 맞아야" in text(wrong)
    assert "그림.png" in text(kept)
    assert "<textarea" not in text(kept)


def test_an_answer_is_chosen_and_can_be_taken_back(browser, everyone):
    row, client = begun().answers.first(), browser("responder")
    address = f"/routine/answers/{row.pk}/"
    nothing = client.post(address, of(row, said="", note="메모"), headers=HTMX)
    assert nothing.status_code == 422
    assert "메모" in text(nothing)

    client.post(address, of(row, note="메모"), headers=HTMX)
    row.refresh_from_db()
    client.post(address, of(row, said="", note="메모"), headers=HTMX)

    row.refresh_from_db()
    assert (row.said, row.note, row.by, row.at) == ("", "메모", None, None)


def test_what_is_missing_is_a_link_away(browser, everyone):
    row = begun(evidence=2)
    first, second = row.answers.all()
    answer(first, everyone["responder"], link="https://wiki.example.com/")
    shown = text(browser("manager").get(row.get_absolute_url()))
    assert f'href="#item-{second.pk}"' in shown
    assert f'href="#item-{first.pk}"' not in shown


def test_the_last_times_answer_stands_beside(browser, everyone):
    before = begun()
    answer(before.answers.first(), everyone["responder"], "finding", note="백업 노드 없음")
    begin_due(at=MORNING + timedelta(days=100))
    now = before.checklist.rounds.latest("first")

    shown = text(browser("viewer").get(now.get_absolute_url()))

    assert "백업 노드 없음" in shown
    assert before.get_absolute_url() in shown


def test_only_who_may_sign_signs(browser, everyone):
    row = begun()
    for one in row.answers.all():
        answer(one, everyone["responder"])
    address = f"{row.get_absolute_url()}sign/"

    assert browser("commander").post(address).status_code == 403
    assert "매니저나 관리자가 서명" in text(browser("commander").get(row.get_absolute_url()))
    browser("manager").post(address, {"remark": "확인했어요"})

    row.refresh_from_db()
    assert row.signed_by == everyone["manager"]
    shown = text(browser("commander").get(row.get_absolute_url()))
    assert "확인했어요" in shown
    assert "<textarea" not in shown


def test_a_commander_hands_it_over_with_another_date(browser, everyone):
    row, owner = begun(), everyone["responder"]
    for due in ("2026-12-01", "0001-01-01", "2026-09-30", "2027-04-01"):
        given = {"owner": owner.pk, "due": due}
        browser("commander").post(f"{row.get_absolute_url()}hand-over/", given)
    row.refresh_from_db()
    assert (row.owner, row.due.isoformat()) == (owner, "2026-12-01")


def test_a_page_costs_the_same_with_many_items(browser, everyone):
    client, found = browser("commander"), []
    for items in (2, 30):
        row = begun(key=f"k{items}", items=items)
        for one in row.answers.all():
            answer(one, everyone["responder"])
        found.append(cost(client, row.get_absolute_url()))
    assert found[0] == found[1] < 20


def test_the_api_reads_rounds_with_their_answers(browser, everyone):
    row = begun()
    answer(row.answers.first(), everyone["responder"], "finding", note="할 일")
    client = browser("viewer")

    [listed] = client.get("/api/v1/routine/rounds/").json()["results"]
    whole = client.get(f"/api/v1/routine/rounds/{row.pk}/").json()

    assert (listed["checklist"], listed["period"], listed["answered"]) == ("trial", "2026-Q4", 1)
    assert [one["said"] for one in whole["answers"]] == ["finding", ""]
    assert whole["answers"][0]["by"] == everyone["responder"].username
    assert client.post("/api/v1/routine/rounds/", {}).status_code in (403, 405)


def test_what_is_planned_stands_there_and_commanders_are_led_to_plan_more(browser, everyone):
    at = clock.now()
    later = {"starts_at": at + timedelta(days=1), "ends_at": at + timedelta(days=1, hours=2)}
    assert "예정된 점검이 없어요" in text(browser("viewer").get("/routine/"))
    plan_maintenance("PostgreSQL 17 올리기", by=everyone["commander"], at=at, **later)

    shown = text(browser("commander").get("/routine/"))

    assert "PostgreSQL 17 올리기" in shown
    assert '/notices/maintenance/"' in shown
    assert '/notices/maintenance/"' not in text(browser("responder").get("/routine/"))
