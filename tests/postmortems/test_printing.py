"""The queue of PDFs: what is asked for is made once, kept, and survives whoever makes it."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.printing.queue import MOST_TRIES
from incidents import services as incidents
from postmortems import services
from postmortems.models import Postmortem, Rendering, State
from postmortems.services import printing
from postmortems.services.showing import all_shown
from tests.postmortems.conftest import START, after

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(monkeypatch):
    made = Mock(return_value=b"%PDF-")
    monkeypatch.setattr(printing, "render", made)
    return made


def publish(postmortem: Postmortem, by) -> None:
    postmortem.actions.update(suggested=False)
    for to in (State.REVIEW, State.PUBLISHED):
        services.move(postmortem, to, seen=postmortem.version, by=by, at=after(hours=2))


def test_what_was_made_once_is_not_made_again_until_something_changes(postmortem, press):
    for _ in range(2):
        services.ask(postmortem)
        services.render_due()
    services.revise(postmortem, {"lessons": "x"}, seen=1, by=None, at=START)
    services.ask(postmortem)
    services.render_due()

    assert press.call_count == 2
    assert Rendering.objects.count() == 1  # of a draft only the newest is kept


def test_languages_are_made_and_kept_beside_each_other(postmortem, press):
    for language in ("ko", "en", "both"):
        services.ask(postmortem, language)
    services.render_due()

    assert [len(call.args) for call in press.call_args_list] == [1, 1, 2]
    assert Rendering.objects.exclude(pdf=None).count() == 3


def test_one_that_was_published_is_made_at_once_and_stays_the_same_bytes(commander, postmortem):
    publish(postmortem, commander)
    services.render_due()
    first = bytes(Rendering.objects.get(frozen=True).pdf)

    incidents.note(postmortem.incident, "나중에 쓴 말", by=commander, at=after(hours=3))
    item = postmortem.actions.first()
    services.change_action(item, {"status": "done"}, by=commander, at=after(hours=3))
    postmortem = Postmortem.objects.get()
    assert bytes(Rendering.objects.get(pk=services.ask(postmortem).pk).pdf) == first

    Rendering.objects.all().delete()
    services.ask(postmortem)
    services.render_due()
    assert bytes(Rendering.objects.get().pdf) == first


def test_who_asks_while_it_is_made_waits_for_no_lock_and_sees_the_pages(postmortem, monkeypatch):
    seen = []

    def made(*_reports, told):
        told(3)
        seen.append(services.ask(postmortem).pages)
        return b"%PDF-"

    monkeypatch.setattr(printing, "render", made)
    services.ask(postmortem)
    services.render_due()

    assert seen == [3]


def test_what_a_killed_worker_held_is_made_by_the_next_one(postmortem, press):
    services.ask(postmortem)
    assert printing.queue.claimed()
    assert services.render_due() == 0  # it may live yet

    Rendering.objects.update(held_until=clock.now() - timedelta(seconds=1))

    assert services.render_due() == 1


def test_two_workers_never_take_the_same(postmortem, press):
    services.ask(postmortem)
    services.ask(postmortem, "en")
    assert printing.queue.claimed().pk != printing.queue.claimed().pk
    assert printing.queue.claimed() is None


def test_a_document_that_ends_its_worker_each_time_is_given_up(postmortem, press):
    services.ask(postmortem)
    for _ in range(MOST_TRIES):
        printing.queue.claimed()
        Rendering.objects.update(held_until=clock.now() - timedelta(seconds=1))

    services.render_due()

    assert not press.called
    assert Rendering.objects.get().error


def test_a_person_comes_before_all_that_are_made_for_the_archive(postmortem, press):
    services.ask_all([postmortem], "en")
    services.ask(postmortem, "ko")

    assert printing.queue.claimed().language == "ko"


def test_what_many_show_costs_as_many_queries_as_what_one_shows(resolved, commander):
    written = [services.draft(resolved(), by=commander, at=after(hours=1)) for _ in range(4)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        all_shown(written[:1])
    with CaptureQueriesContext(connection) as all_four:
        all_shown(written)

    assert len(one) == len(all_four)
