"""The page where messages are read, changed and approved; what is typed is never lost."""

import re

import pytest
from django.test import Client

from incidents.models import MessageTemplate, StakeholderMessage
from incidents.models.messages import TEXTS
from incidents.services import stakeholders
from notifications.models import Delivery, State
from tests.incidents.conftest import START, after, person
from tests.incidents.messaging import MINE, group, message, messages, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(seeded):
    def open_(username="cto"):
        client = Client(headers={"accept-language": "en"})
        user = person(username)
        user.language = "en"
        user.save()
        client.force_login(user)
        return client

    return open_


def at(incident, *rest):
    return "/".join([f"/incidents/{incident.pk}/messages", *map(str, rest), ""])


def form(draft, **more):
    return draft.texts | {"version": draft.version} | more


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_both_languages_stand_side_by_side_with_whom_it_would_reach(portal, felt):
    incident = felt()

    page = words(portal().get(at(incident)))

    assert "[안내] 출금 서비스 이용에 불편이 있습니다" in page
    assert "[Notice] Trouble with Withdrawals" in page
    assert "Approve: send to Customers (1 recipient)" in page


def test_it_goes_out_as_it_was_on_the_screen(portal, felt):
    incident = felt()
    draft = message(incident, "customers")

    answer = portal().post(at(incident, draft.pk, "approve"), form(draft, body_en="We are on it."))

    assert answer.status_code == 302
    sent = message(incident, "customers")
    assert (sent.state, sent.body_en, sent.written_by) == (
        "approved",
        "We are on it.",
        person("cto"),
    )


def test_a_browsers_line_ends_are_no_change(portal, felt):
    MessageTemplate.objects.update(body_ko="한 줄\r\n\r\n두 줄 {since}\r\n")
    incident = felt()
    draft = message(incident, "partners")
    typed = form(draft, body_ko=draft.body_ko.replace("\n", "\r\n") + "\r\n")

    portal().post(at(incident, draft.pk, "approve"), typed)

    assert message(incident, "partners").state == "approved"  # nobody counts as its writer


def test_whoever_is_overtaken_sees_both_texts_and_loses_nothing(portal, felt):
    incident = felt()
    draft = message(incident, "customers")
    stakeholders.revise(draft, MINE, version=1, by=person("tech-lead"))

    answer = portal().post(
        at(incident, draft.pk, "approve"), form(draft, version=1, body_ko="내가 쓴 글")
    )

    page = words(answer)
    assert answer.status_code == 422
    assert "내가 쓴 글</textarea>" in page
    assert "What somebody else wrote meanwhile" in page
    assert "직접 쓴 글" in page
    assert f'name="version" value="{draft.version}"' in page
    assert messages(incident)["customers"] == "draft"


@pytest.mark.parametrize("wrong", [{"body_en": " "}, {"version": "x"}, {"subject_ko": "가" * 301}])
def test_what_cannot_be_sent_is_shown_again_with_the_reason(portal, felt, wrong):
    incident = felt()
    draft = message(incident, "customers")

    answer = portal().post(at(incident, draft.pk, "approve"), form(draft, body_ko="새 글", **wrong))

    assert answer.status_code == 422
    assert "새 글</textarea>" in words(answer)
    assert 'role="alert"' in words(answer)
    assert messages(incident)["customers"] == "draft"


def test_whoever_wrote_it_is_offered_no_approval_where_a_second_person_is_asked_for(portal, felt):
    incident = felt()
    draft = message(incident, "partners")
    portal().post(at(incident, draft.pk, "save"), form(draft, body_ko="고친 글"))

    mine, other = words(portal().get(at(incident))), words(portal("ceo").get(at(incident)))

    assert "send to Partners" not in mine
    assert "somebody else approves it" in mine
    assert "send to Partners" in other


def test_a_responder_may_write_and_is_told_who_approves(portal, felt):
    incident = felt()

    page = words(portal("dev1").get(at(incident)))

    assert "An incident commander approves it." in page
    assert "send to Customers" not in page
    assert "Save the draft" in page


def test_a_message_of_another_incident_is_not_found_here(portal, felt):
    first, second = felt(), felt()
    draft = message(second, "customers")

    answer = portal().post(at(first, draft.pk, "approve"), form(draft))

    assert answer.status_code == 404
    assert messages(second)["customers"] == "draft"


def test_one_writes_from_a_template(portal, felt):
    incident = felt()
    client = portal("dev1")
    to, template = group("management"), MessageTemplate.objects.get(slug="incident_update")

    filled = client.get(at(incident, "write"), {"group": to.pk, "template": template.pk})
    first = filled.context["form"].initial
    answer = client.post(
        at(incident, "write"),
        {name: first[name] for name in TEXTS} | {"group": to.pk, "urgency": "high"},
    )

    assert answer.status_code == 302
    written = StakeholderMessage.objects.get(written_by=person("dev1"))
    assert written.subject_en == f"[P1] Incident #{incident.pk} update: Triggered"
    assert written.state == "draft"


def test_a_half_written_message_keeps_its_words(portal, felt):
    incident = felt()
    typed = {
        "group": group("management").pk,
        "urgency": "high",
        "subject_ko": "제목",
        "body_ko": "본문",
    }

    answer = portal("dev1").post(at(incident, "write"), typed)

    assert answer.status_code == 422
    assert "본문</textarea>" in words(answer)


def test_the_receipts_say_who_was_not_reached_and_why(portal, felt):
    incident = felt()
    told = message(incident, "management")
    Delivery.objects.about(told.topic).update(state=State.SENT, sent_at=START)
    Delivery.objects.about(told.topic).filter(recipient__username="ceo").update(
        state=State.FAILED, error="HTTP 400 landline"
    )
    tell(after(seconds=5))

    page = words(portal().get(at(incident)))

    assert "1 of 2 reached" in page
    assert "<b>한지원</b> HTTP 400 landline" in page


def test_an_incident_that_concerns_nobody_teaches_the_next_step(portal, declare):
    page = words(portal().get(at(declare("P3"))))

    assert "Rules write drafts by themselves" in page


def test_the_room_says_what_waits_and_who_was_told(portal, felt):
    incident = felt()
    told = message(incident, "management")
    Delivery.objects.about(told.topic).update(state=State.SENT, sent_at=START)
    tell(after(seconds=5))

    panel = words(portal().get(incident.get_absolute_url())).partition('id="stakeholders"')[2]

    assert re.search(r"<b>Customers</b>.{0,60}waits for approval", panel)
    assert re.search(r"<b>Management</b>.{0,60}told", panel)
    assert "with the digest" in panel
    assert "Read and approve" in panel


def test_who_may_not_approve_is_offered_to_read(portal, felt):
    panel = words(portal("dev1").get(felt().get_absolute_url()))

    assert "Read the drafts" in panel


def test_customers_impact_is_a_button(portal, felt):
    incident = felt()

    portal("dev1").post(f"/incidents/{incident.pk}/impact/", {"felt": "no"})

    incident.refresh_from_db()
    assert incident.customer_impact is False


def test_the_timeline_can_show_messages_only(portal, felt):
    incident = felt()

    lines = portal().get(incident.get_absolute_url(), {"show": "messages"}).context["timeline"]

    assert {line.kind for line in lines} == {"message_approved", "message_drafted"}
