"""Facts are filled in; judgement is asked for, never invented."""

from datetime import date

import pytest

from core.errors import Refused
from incidents import services as incidents
from postmortems.domain.actions import proposals
from postmortems.models import ActionItem, Postmortem
from postmortems.questions import missing
from postmortems.services import Stale, add_why, draft, revise
from teams.models import User
from tests.postmortems.conftest import START, after
from tests.race import at_once, raised

MONDAY = date(2026, 11, 23)


@pytest.mark.django_db
def test_what_is_not_over_has_no_postmortem(commander):
    incident = incidents.declare("t", severity="P1", by=commander, at=START)

    with pytest.raises(Refused):
        draft(incident, by=commander, at=after(hours=1))
    assert not Postmortem.objects.exists()


@pytest.mark.django_db
def test_it_is_drafted_once(resolved, commander):
    incident = resolved()
    first = draft(incident, by=commander, at=after(hours=1))
    revise(first, {"summary_ko": "사람이 쓴 요약"}, seen=1, by=commander, at=after(hours=2))

    again = draft(incident, by=User.objects.get(username="dev1"), at=after(hours=3))

    assert again.pk == first.pk
    assert (again.summary, again.author) == ("사람이 쓴 요약", commander)
    assert ActionItem.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_open_it_at_once_get_the_same(resolved, commander):
    incident = resolved()

    outcomes = at_once(*[lambda: draft(incident, by=commander, at=after(hours=1))] * 4)

    assert raised(outcomes) == []
    assert Postmortem.objects.count() == 1
    assert ActionItem.objects.count() == 3


@pytest.mark.django_db
def test_the_facts_are_filled_in_and_the_rest_is_asked(postmortem):
    for fact in ("P1", "출금 지연", "출금", "50분", "4분"):
        assert fact in postmortem.summary
    assert postmortem.users_affected is None
    assert postmortem.withdrawals_delayed is None
    assert not postmortem.whys.exists()
    assert (postmortem.contributing_factors, postmortem.lessons) == ("", "")
    assert len(missing(postmortem)) == 6


@pytest.mark.django_db
def test_what_was_said_is_not_asked_again(postmortem, commander):
    said = {"by": commander, "at": after(hours=2)}
    revise(postmortem, {"users_affected": 0}, seen=1, **said)
    add_why(postmortem, "DB 락", under=None, **said)

    assert len(missing(postmortem)) == 4


@pytest.mark.django_db
def test_it_is_written_in_its_authors_language(resolved):
    english = draft(resolved(), by=User.objects.get(username="dev2"), at=after(hours=1))

    assert english.language == "en"
    assert "lasted" in english.summary == english.summary_en
    assert "출금" in english.summary_ko
    assert set(english.actions.values_list("description", flat=True)) == {
        "Improve monitoring alerts", "Improve documentation", "Improve architecture",
    }  # fmt: skip


@pytest.mark.parametrize("severity", ["P0", "P1"])
def test_grave_incidents_begin_with_three_action_items(severity):
    items = proposals(severity, today=MONDAY)

    assert [(item.kind, item.owner, item.priority, (item.due - MONDAY).days) for item in items] == [
        ("IMMEDIATE", "DevOps Team", "HIGH", 7),
        ("SHORT_TERM", "Engineering Team", "MEDIUM", 30),
        ("LONG_TERM", "Architecture Team", "LOW", 90),
    ]


@pytest.mark.parametrize("severity", ["P2", "P3"])
def test_milder_ones_begin_with_two(severity):
    assert [item.kind for item in proposals(severity, today=MONDAY)] == ["SHORT_TERM", "LONG_TERM"]


@pytest.mark.django_db
def test_who_saves_second_is_told_and_nothing_is_lost(postmortem, commander):
    seen = Postmortem.objects.get(pk=postmortem.pk)
    said = {"seen": 1, "by": commander, "at": after(hours=2)}
    revise(postmortem, {"lessons": "먼저 쓴 교훈"}, **said)

    with pytest.raises(Stale) as told:
        revise(seen, {"lessons": "나중에 쓴 교훈"}, **said)

    assert told.value.theirs == {"lessons": "먼저 쓴 교훈"}

    saved = Postmortem.objects.get(pk=postmortem.pk)
    assert (saved.lessons, saved.version) == ("먼저 쓴 교훈", 2)


@pytest.mark.django_db
def test_what_two_people_change_in_different_fields_is_put_together(postmortem, commander):
    other = Postmortem.objects.get(pk=postmortem.pk)
    said = {"seen": 1, "by": commander, "at": after(hours=2)}
    whole = {"lessons": "", "went_well": "", "users_affected": None}
    revise(postmortem, whole | {"lessons": "교훈"}, **said)
    revise(other, whole | {"went_well": "빨리 알았어요"}, **said)

    saved = Postmortem.objects.get(pk=postmortem.pk)
    assert (saved.lessons, saved.went_well, saved.version) == ("교훈", "빨리 알았어요", 3)


@pytest.mark.django_db
def test_its_key_moments_and_services_are_filled_in_from_the_record(postmortem):
    incident = postmortem.incident

    kinds = set(
        incident.timeline.filter(seq__in=postmortem.moments.values("seq")).values_list(
            "kind", flat=True
        )
    )
    assert kinds == {"declared", "status"}
    (impact,) = postmortem.impacts.all()
    assert (impact.began_at, impact.ended_at) == (incident.detected_at, incident.resolved_at)
    assert postmortem.owner == postmortem.author
    assert set(postmortem.actions.values_list("suggested", flat=True)) == {True}
