"""Incidents that a person links: shown on both sides, said on both timelines, and undone."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from incidents import services
from incidents.domain.relations import MOST, Obstacle, Relation, mirrored, obstacle
from incidents.models import Incident, Related
from incidents.narration import narrate
from tests.incidents.conftest import after, kinds, last_event, post
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def pair(declare):
    return declare("P3"), declare("P2")


@pytest.fixture
def relate(commander):
    def say(one, other, relation=Relation.RELATED):
        services.relate(one, to=other, relation=relation, by=commander, at=after(minutes=5))

    return say


def seen_from(incident):
    return list(incident.relations.values_list("other", "relation"))


@pytest.mark.parametrize(
    ("relation", "one", "other", "known", "why_not"),
    [
        ("related", (1, "triggered"), (2, "triggered"), 0, None),
        ("related", (1, "triggered"), (1, "triggered"), 0, Obstacle.ITSELF),
        ("caused_by", (1, "resolved"), (2, "triggered"), MOST - 1, None),
        ("caused_by", (1, "resolved"), (2, "triggered"), MOST, Obstacle.ENOUGH),
        ("duplicate", (1, "triggered"), (2, "mitigated"), 0, Obstacle.TO_BE_MERGED),
        ("duplicate", (1, "resolved"), (2, "mitigated"), 0, None),
        ("duplicate", (1, "resolved"), (2, "resolved"), 0, None),
    ],
)
def test_a_duplicate_of_what_is_open_is_merged_and_not_linked(relation, one, other, known, why_not):
    assert obstacle(Relation(relation), one, other, known=known) == why_not


@pytest.mark.parametrize("relation", Relation)
def test_what_is_seen_from_the_other_side_is_seen_from_this_one_again(relation):
    assert mirrored(mirrored(relation)) == relation


def test_both_sides_show_it_and_both_timelines_say_it(pair, relate):
    one, other = pair
    relate(one, other, Relation.CAUSED_BY)

    assert seen_from(one) == [(other.pk, "caused_by")]
    assert seen_from(other) == [(one.pk, "causes")]
    assert str(other.pk) in narrate(last_event(one, "linked"))
    assert last_event(other, "linked").data["relation"] == "causes"


def test_the_same_again_changes_nothing_from_either_side(pair, relate):
    one, other = pair
    relate(one, other, Relation.CAUSED_BY)
    before = kinds(one), kinds(other)
    relate(one, other, Relation.CAUSED_BY)
    relate(other, one, Relation.CAUSES)

    assert (kinds(one), kinds(other)) == before


def test_said_otherwise_it_replaces_what_was_said(pair, relate):
    one, other = pair
    relate(one, other)
    relate(other, one, Relation.CAUSED_BY)

    assert seen_from(one) == [(other.pk, "causes")]
    assert Related.objects.count() == 2


def test_taken_away_from_the_other_side_it_is_gone_on_both(pair, relate, commander):
    one, other = pair
    relate(one, other, Relation.CAUSED_BY)
    services.unrelate(other, one.pk, by=commander, at=after(minutes=6))

    assert not Related.objects.exists()
    assert last_event(one, "unlinked").data["relation"] == "caused_by"
    assert last_event(other, "unlinked").data["relation"] == "causes"
    with pytest.raises(Refused):
        services.unrelate(one, other.pk, by=commander, at=after(minutes=7))


@pytest.mark.django_db(transaction=True)
def test_two_who_link_from_both_sides_at_once_make_one_pair(pair, relate):
    one, other = pair
    fell = raised(
        at_once(lambda: relate(one, other), lambda: relate(other, one, Relation.CAUSED_BY))
    )

    assert not fell
    assert Related.objects.count() == 2
    assert {seen_from(one)[0][1], seen_from(other)[0][1]} in ({"related"}, {"causes", "caused_by"})


def test_the_database_lets_nothing_be_related_to_itself(pair):
    one, _ = pair
    with pytest.raises(IntegrityError), transaction.atomic():
        Related.objects.create(incident=one, other=one, relation="related", at=after(minutes=1))


def test_one_finds_the_other_by_words_links_it_and_takes_it_away(pair, browser):
    one, other = pair
    Incident.objects.filter(pk=other.pk).update(title="서명 노드 응답 없음")
    link = f"/incidents/{one.number}/link/"

    assert f'id="to-{other.number}"' in browser.get(f"{link}?q=노드").content.decode()
    assert browser.get(f"{link}?q=no-such-word").content.decode().count('id="to-') == 0
    browser.post(link, {"relation": "caused_by", "to": other.number})
    for here, there in ((one, other), (other, one)):
        page = browser.get(here.get_absolute_url()).content.decode()
        assert f'id="unlink-{there.number}"' in page
    browser.post(f"/incidents/{other.number}/unlink/{one.number}/")
    assert not Related.objects.exists()


@pytest.mark.parametrize(
    "said", [{"relation": "cousin"}, {"to": "999999"}, {"to": ""}, {"relation": "duplicate"}]
)
def test_what_cannot_be_linked_is_said_and_asked_again(pair, browser, said):
    one, other = pair
    answer = browser.post(
        f"/incidents/{one.number}/link/", {"relation": "related", "to": other.number} | said
    )

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_programs_link_too(pair, api):
    one, other = pair
    made = post(api, f"{one.number}/related/", to=other.number, relation="caused_by")

    assert made.status_code == 201
    assert made.json()["number"] == other.number
    (seen,) = api.get(f"/api/v1/incidents/{other.number}/related/").json()["results"]
    assert (seen["number"], seen["relation"]) == (one.number, "causes")
    assert api.delete(f"/api/v1/incidents/{one.number}/related/{other.number}/").status_code == 204
    assert post(api, f"{one.number}/related/", to=one.number, relation="related").status_code == 409


def test_a_room_costs_the_same_with_many_linked_incidents(declare, relate, browser):
    one = declare("P3")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            browser.get(one.get_absolute_url())
            browser.get(f"/incidents/{one.number}/link/")
        return len(queries)

    relate(one, declare("P3"))
    cost()
    few = cost()
    for _ in range(10):
        relate(one, declare("P3"))

    assert cost() == few
