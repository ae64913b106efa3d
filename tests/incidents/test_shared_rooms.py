"""A changed room is written once for all of the same standing, and nothing of one reaches another."""

import itertools
import re

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone, translation

from core import clock
from incidents import services
from incidents.domain.roles import Role
from incidents.domain.story import Reading, Show
from incidents.models import Incident
from incidents.screens.room import live
from incidents.screens.room.live import live_part
from incidents.screens.room.viewer import Standing
from incidents.services.asking import Answers
from teams.models import User
from tests.incidents.conftest import after, person
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db
RANKS = ("viewer", "responder", "commander", "manager")


@pytest.fixture(autouse=True)
def empty():
    caches["rooms"].clear()


@pytest.fixture
def incident(fire, commander):
    incident = fire("k1", severities=["critical"])
    services.note(incident, "서명 노드", by=commander, at=after(minutes=1))
    return incident


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def asking(user):
    client = Client()
    client.force_login(user)

    def ask(incident, query="v=0"):
        answer = client.get(f"/incidents/{incident.number}/live/?{query}", headers={"hx-request": "true"})  # fmt: skip
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def somebody(name, rank="responder", **more):
    return User.objects.create(username=name, display_name=f"이름-{name}", role=rank, **more)


def test_the_second_reader_costs_no_more_than_the_question_who_they_are(
    incident, django_assert_max_num_queries
):
    first, second = asking(somebody("a")), asking(somebody("b"))
    told = first(incident)

    with django_assert_max_num_queries(4):  # session, person, incident
        assert second(incident) == told


def test_what_is_shared_has_no_token_and_no_reader_in_it(incident, commander):
    told = asking(somebody("a"))(incident)

    assert 'id="event-1"' in told
    assert "이름-a" not in told
    assert "csrf" not in told
    assert "<form" not in told
    assert 'form="act-form"' in told  # which the page around it has, with the token


def test_a_form_that_buttons_name_is_in_the_page_of_whoever_has_them(incident, commander):
    client = Client(enforce_csrf_checks=True)
    client.force_login(commander)
    page = client.get(f"/incidents/{incident.number}/").content.decode()
    token = re.search('id="act-form".*?name="csrfmiddlewaretoken" value="([^"]*)"', page)[1]

    for form in set(re.findall(' form="([^"]*)"', page)):
        assert f'<form id="{form}"' in page
    path = f"/incidents/{incident.number}/acknowledge/"
    assert client.post(path).status_code == 403
    assert client.post(path, {"csrfmiddlewaretoken": token}).status_code == 302


def test_who_may_only_read_gets_no_button_of_those_who_may_act(incident):
    acts, reads = asking(somebody("a", "commander")), asking(somebody("b", "viewer"))

    assert 'form="act-form"' in acts(incident)
    for _ in range(2):
        assert ' form="' not in reads(incident)
        assert 'form="act-form"' in acts(incident)


def test_each_reads_in_their_own_language_and_time(incident):
    korean = asking(somebody("a", language="ko", time_zone="Asia/Seoul"))(incident)
    english = asking(somebody("b", language="en", time_zone="Asia/Seoul"))(incident)
    elsewhere = asking(somebody("c", language="ko", time_zone="America/New_York"))(incident)

    assert "역할" in korean
    assert "역할" not in english
    assert re.findall("[0-9]{2}:[0-9]{2}:[0-9]{2}<", korean) != re.findall(
        "[0-9]{2}:[0-9]{2}:[0-9]{2}<", elsewhere
    )


def test_each_filter_is_its_own(incident):
    ask = asking(somebody("a"))

    assert 'id="event-1"' in ask(incident, "v=0&show=alerts")
    assert 'id="event-1"' not in ask(incident, "v=0&show=people")


def test_only_whoever_holds_a_role_may_leave_it(incident):
    holder, other = somebody("a"), somebody("b")
    services.give_role(incident, Role.SCRIBE, to=holder, by=holder, at=after(minutes=2))

    assert 'id="leave-scribe"' in asking(holder)(incident)
    assert 'id="leave-scribe"' not in asking(other)(incident)


def test_whoever_is_here_is_not_asked_to_join(incident):
    here, other = somebody("a"), somebody("b")
    services.join(incident, by=here, at=after(minutes=2))

    assert 'id="join"' not in asking(here)(incident)
    assert 'id="join"' in asking(other)(incident)


def test_what_happened_since_is_never_missing(incident, commander):
    ask = asking(somebody("a"))
    ask(incident)
    for n in range(3):
        services.note(incident, f"그다음 {n}", by=commander, at=after(minutes=3 + n))
        told = ask(incident)
        assert f"그다음 {n}" in told
        assert f"?v={fresh(incident).version}&" in told
    services.pin(incident, 1, by=commander, at=after(minutes=9))
    assert 'class="moments"' in ask(incident)


def test_a_lost_right_is_lost_at_once(incident):
    person = somebody("a", "commander")
    ask = asking(person)
    assert 'form="act-form"' in ask(incident)

    User.objects.filter(pk=person.pk).update(role="viewer")
    assert 'form="act-form"' not in ask(incident)


def test_every_reader_gets_what_they_would_get_alone(incident, monkeypatch):
    """All ranks, roles, languages, zones and filters, one after the other out of one memory."""
    monkeypatch.setattr(clock, "now", lambda: after(minutes=30))
    people = [somebody(f"{rank}-{n}", rank) for rank in RANKS for n in range(2)]
    for user, role in zip(people[2:], Role, strict=False):
        services.give_role(incident, role, to=user, by=user, at=after(minutes=5))
    seen = fresh(incident)
    cases = [*itertools.product(people, ("ko", "en"), ("Asia/Seoul", "UTC"), (Show.ALL, Show.KEY))]

    def ask(user, language, zone, show):
        with translation.override(language), timezone.override(zone):
            return live_part(seen, user, Reading(show))

    together = [ask(*case) for case in cases]
    again = [ask(*case) for case in reversed(cases)][::-1]
    alone = []
    for case in cases:
        caches["rooms"].clear()
        alone.append(ask(*case))

    assert together == again == alone
    assert len(set(together)) > len(RANKS) * 2 * 2 * 2


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_writes(incident, monkeypatch):
    users = [somebody(f"u{n}") for n in range(8)]
    written, seen = [], fresh(incident)

    def counted(*args):
        written.append(args)
        return write(*args)

    write = live._write
    monkeypatch.setattr(live, "_write", counted)
    outcomes = at_once(*[lambda user=user: live_part(seen, user, Reading()) for user in users])

    assert raised(outcomes) == []
    assert len(written) == 1


def test_a_standing_is_a_rank_and_what_one_does_in_the_incident(incident, commander):
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=2))
    standing = Standing.of(fresh(incident), Answers.to(incident))

    assert standing.viewer(person("dev1")).commands
    assert standing.viewer(person("dev1")).here
    assert not standing.viewer(person("dev2")).commands
    assert standing.viewer(commander).commands
