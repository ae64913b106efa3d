"""Five whys: several causes, evidence from the record, several people at once."""

import pytest
from django.test import Client

from core.errors import Refused
from incidents import services as incidents
from postmortems import services
from postmortems.citing import offered
from postmortems.models import Evidence, Why
from teams.models import User
from tests.postmortems.conftest import after
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(postmortem):
    client = Client()
    client.force_login(User.objects.get(username="dev1"))
    return client


def page(postmortem):
    return f"/incidents/{postmortem.incident_id}/postmortem/whys/"


def test_an_answer_and_what_led_to_it_make_a_tree_with_its_evidence(browser, postmortem):
    where = page(postmortem)
    browser.post(where, {"answer": "출금이 멈췄어요", "source": "event-1"})
    first = Why.objects.get()
    for answer in ("키가 만료됐어요", "알림이 없었어요"):
        browser.post(where, {"answer": answer, "under": first.pk})

    assert list(first.causes.values_list("answer", flat=True)) == [
        "키가 만료됐어요",
        "알림이 없었어요",
    ]
    cited = Evidence.objects.get()
    assert (cited.kind, cited.ref, cited.why) == ("event", 1, first)
    shown = browser.get(where).content.decode()
    for said in ("출금이 멈췄어요", "알림이 없었어요", cited.said_ko, "event-1"):
        assert said in shown
    assert postmortem.versions.count() == 4


def test_another_browser_gets_what_is_new_and_nothing_where_nothing_is(browser, postmortem):
    live = {"HX-Request": "true"}
    assert browser.get(f"{page(postmortem)}?v=1", headers=live).status_code == 204
    services.add_why(postmortem, "키가 만료됐어요", under=None, by=None, at=after(hours=2))

    answer = browser.get(f"{page(postmortem)}?v=1", headers=live)

    assert "키가 만료됐어요" in answer.content.decode()
    assert "<textarea" not in answer.content.decode()


def test_who_changes_an_answer_that_another_changed_is_told_both(browser, postmortem, commander):
    why = services.add_why(postmortem, "처음", under=None, by=None, at=after(hours=2))
    services.change_why(why, "다른 사람의 말", seen=1, by=commander, at=after(hours=2))

    answer = browser.post(page(postmortem), {"answer": "내 말", "edit": why.pk, "revision": 1})

    assert answer.status_code == 409
    for said in ("다른 사람의 말", "내 말"):
        assert said in answer.content.decode()
    assert Why.objects.get().answer == "다른 사람의 말"


@pytest.mark.parametrize(
    "wrong",
    [{"answer": " "}, {"answer": "x" * 501}, {"answer": "a", "under": 999},
     {"answer": "a", "source": "event-999"}, {"answer": "a", "source": "x-y"}],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_and_stays_in_the_box(browser, postmortem, wrong):
    answer = browser.post(page(postmortem), wrong)

    assert answer.status_code == 409
    assert not Why.objects.exists()
    assert wrong["answer"].strip() in answer.content.decode()


def test_evidence_of_another_incident_is_not_taken(postmortem, resolved):
    other = resolved()
    incidents.note(other, "남의 메모", by=None, at=after(hours=2))
    why = services.add_why(postmortem, "a", under=None, by=None, at=after(hours=2))

    with pytest.raises(Refused):
        services.cite(why, "event", other.timeline_length + 50, by=None, at=after(hours=2))


def test_with_an_answer_goes_what_led_to_it_and_a_version_keeps_both(postmortem, commander):
    said = {"by": commander, "at": after(hours=2)}
    why = services.add_why(postmortem, "위", under=None, **said)
    services.add_why(postmortem, "아래", under=why, **said)

    services.remove_why(why, **said)

    assert not Why.objects.exists()
    before, now = postmortem.versions.get(number=3), postmortem.versions.first()
    assert before.content["whys"][0]["causes"][0]["answer"] == "아래"
    assert (now.number, now.content["whys"]) == (4, [])


def test_what_is_published_takes_no_answers(browser, postmortem, commander):
    postmortem.actions.update(suggested=False)
    for to in ("review", "published"):
        services.move(postmortem, to, seen=postmortem.version, by=commander, at=after(hours=2))

    assert browser.post(page(postmortem), {"answer": "늦었어요"}).status_code == 409
    assert "<textarea" not in browser.get(page(postmortem)).content.decode()


def test_events_are_offered_as_evidence(postmortem):
    kinds = [one.kind for one in offered(postmortem.incident)]

    assert kinds.count("event") == postmortem.incident.timeline_length


@pytest.mark.django_db(transaction=True)
def test_several_who_answer_at_once_lose_nothing(postmortem):
    def answer(text):
        return lambda: services.add_why(postmortem, text, under=None, by=None, at=after(hours=2))

    outcomes = at_once(*(answer(f"답 {place}") for place in range(6)))

    assert raised(outcomes) == []
    assert Why.objects.count() == 6
    assert sorted(postmortem.versions.values_list("number", flat=True)) == list(range(1, 8))
