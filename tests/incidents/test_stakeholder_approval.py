"""Nothing leaves the company that a person has not read, and it leaves as it was read."""

import pytest
from django.db import IntegrityError, transaction

from core.errors import Refused
from incidents import services
from incidents.models import Incident, MessageState, StakeholderMessage
from incidents.services import stakeholders
from notifications.models import Delivery
from tests.incidents.conftest import START, after, kinds, last_event, person
from tests.incidents.messaging import MINE, group, message, messages, tell
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db


def approve(draft, who="cto", **more):
    stakeholders.approve(
        draft, by=person(who), at=after(minutes=2), **({"version": draft.version} | more)
    )


def write(incident, to="customers", *, who="cto", texts=MINE):
    return stakeholders.write(
        incident, group(to), texts, urgency="high", by=person(who), at=after(minutes=1)
    )


def test_a_draft_waits_until_somebody_approves_it(felt):
    incident = felt()
    tell(after(minutes=1))
    assert message(incident, "customers").queued_at is None

    approve(message(incident, "customers"))
    tell(after(minutes=2))

    sent = message(incident, "customers")
    assert (sent.approved_by, sent.approved_at) == (person("cto"), after(minutes=2))
    assert sent.queued_at == after(minutes=2)


def test_those_outside_read_it_from_the_company_and_those_inside_from_bongsu(felt):
    incident = felt()
    tell(after(minutes=1))
    approve(message(incident, "customers"))
    tell(after(minutes=2))

    rows = Delivery.objects.filter(template="stakeholder")
    outside = rows.about(message(incident, "customers").topic)
    assert {row.context["sender"] for row in outside} == {"dantaro"}
    inside = rows.about(message(incident, "management").topic)
    assert {row.context["sender"] for row in inside} == {""}


def test_what_was_approved_is_on_the_timeline_word_for_word(felt):
    incident = felt()
    draft = message(incident, "customers")
    approve(draft, texts=draft.texts | {"body_ko": "출금을 고치고 있습니다."})

    event = last_event(incident, "message_approved")
    assert event.actor == "정유진"
    assert event.data["body"] == {"ko": "출금을 고치고 있습니다.", "en": draft.body_en}


def test_a_text_somebody_changed_meanwhile_is_not_sent_unread(felt):
    draft = message(felt(), "customers")
    seen = draft.version
    stakeholders.revise(draft, MINE, version=seen, by=person("tech-lead"))

    with pytest.raises(stakeholders.Overtaken) as told:
        approve(draft, version=seen)
    assert told.value.message.texts == MINE
    assert told.value.message.state == MessageState.DRAFT


def test_two_who_approve_at_once_send_once(transactional_db, felt):
    incident = felt()
    draft = message(incident, "customers")

    jobs = [lambda who=who: approve(StakeholderMessage.objects.get(pk=draft.pk), who) for who in ("cto", "ceo")]  # fmt: skip
    outcomes = at_once(*jobs)

    assert [type(error) for error in raised(outcomes)] == [stakeholders.Overtaken]
    assert kinds(incident).count("message_approved") == 5  # four by rule


def test_whoever_changed_the_text_needs_a_second_person_where_the_rule_says_so(felt):
    draft = message(felt(), "partners")
    stakeholders.revise(draft, MINE, version=1, by=person("cto"))
    with pytest.raises(Refused, match=r"somebody else|다른 사람"):
        approve(draft, "cto")
    with pytest.raises(Refused):
        approve(draft, "ceo", texts=MINE | {"body_ko": "또 고친 글"})

    approve(draft, "ceo")

    assert message(draft.incident, "partners").state == "approved"


def test_a_draft_of_the_rule_itself_needs_only_one_person(felt):
    draft = message(felt(), "partners")
    approve(draft, "cto")

    assert draft.state == "approved"


def test_the_database_sees_with_four_eyes(felt):
    draft = message(felt(), "partners")
    draft.written_by = draft.approved_by = person("cto")

    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        draft.save()


def test_a_persons_own_message_asks_for_a_second_one_where_a_rule_of_the_group_does(felt):
    incident = felt()
    to_customers, to_partners = write(incident), write(incident, "partners")

    approve(to_customers, "cto")
    with pytest.raises(Refused):
        approve(to_partners, "cto")
    approve(to_partners, "ceo")


@pytest.mark.parametrize("missing", ["subject_ko", "body_ko", "subject_en", "body_en"])
def test_half_a_message_is_refused(felt, missing):
    incident = felt()

    with pytest.raises(Refused):
        write(incident, texts=MINE | {missing: " \n "})
    assert not StakeholderMessage.objects.filter(written_by__isnull=False).exists()


def test_a_subject_that_fits_no_inbox_is_refused(felt):
    with pytest.raises(Refused, match="300"):
        write(felt(), texts=MINE | {"subject_en": "x" * 301})


def test_a_withdrawn_draft_is_gone_for_good(felt):
    incident = felt()
    draft = message(incident, "customers")
    stakeholders.withdraw(draft, version=1, by=person("cto"), at=after(minutes=1))

    with pytest.raises(stakeholders.Overtaken):
        approve(draft)
    assert messages(incident)["customers"] == "withdrawn"
    assert last_event(incident, "message_withdrawn").actor == "정유진"


def test_after_the_end_nobody_is_told_that_it_goes_on(felt):
    incident = felt()
    services.resolve(incident, by=person("cto"), at=after(minutes=1))

    with pytest.raises(Refused):  # before the rules had time to withdraw it
        approve(message(incident, "customers"))
    assert message(incident, "customers").state == "draft"


def test_after_the_end_a_person_may_still_write(felt):
    incident = felt()
    services.resolve(incident, by=person("cto"), at=after(minutes=1))
    tell(after(minutes=1))
    final = write(Incident.objects.get(pk=incident.pk))
    tell(after(minutes=2))

    approve(final)

    assert final.state == "approved"


def test_an_acknowledgement_withdraws_pages_and_no_message(felt):
    incident = felt("P0")
    services.acknowledge(incident, by=person("cto"), at=after(minutes=1))
    tell(after(minutes=1))

    assert messages(incident)["customers"] == "draft"
    told = message(incident, "management")
    assert told.queued_at == START


def test_saying_the_same_again_changes_nothing(felt):
    draft = message(felt(), "customers")
    stakeholders.revise(draft, draft.texts, version=1, by=person("cto"))

    assert (draft.version, draft.written_by) == (1, None)
