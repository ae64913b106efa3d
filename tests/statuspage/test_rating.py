"""Readers say how an incident was handled: one tap, one voice each, and the figures hear it."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from postmortems.figures import whole
from statuspage.composing import said_of
from statuspage.domain.phases import Phase
from statuspage.models import Notice, Page, Rating
from statuspage.services import Words, follow, say
from tests.statuspage.scene import HOUR, START
from tests.statuspage.test_documents import made

pytestmark = pytest.mark.django_db
OVER = START + 3 * HOUR


@pytest.fixture
def over(trouble, commander, monkeypatch):
    trouble("P1", at=START)
    follow(at=START)
    notice = Notice.objects.get()
    say(notice, Words(Phase.INVESTIGATING, "늦어요", "Late"), by=commander, at=START + HOUR)
    say(notice, Words(Phase.RESOLVED, "끝났어요", "Over"), by=commander, at=OVER)
    monkeypatch.setattr(clock, "now", lambda: OVER + HOUR)
    notice.refresh_from_db()
    return notice


def tap(notice, score, *, agent="phone", **more):
    headers = {"User-Agent": agent}
    return Client(headers=headers).post(
        f"/status/rate/{notice.public_id}/", {"score": score, "language": "en", **more}
    )


def test_one_tap_counts_and_the_next_of_the_same_reader_changes_it(over):
    assert "You gave 5 of 5" in tap(over, 5).content.decode()
    assert tap(over, 2, comment="Too slow").status_code == 200
    tap(over, 4, agent="desk")

    assert sorted(Rating.objects.values_list("score", "comment")) == [(2, "Too slow"), (4, "")]


def test_the_figures_say_score_and_count(over):
    tap(over, 5)
    tap(over, 2, agent="desk", comment="Slow")
    found = whole.last(30, at=OVER + 2 * HOUR)

    assert (found.satisfaction.value, found.satisfaction.n) == (3.5, 2)
    assert [one.comment for one in found.comments] == ["Slow"]


@pytest.mark.parametrize("score", ["0", "6", "", "x", "\x00"])
def test_what_is_no_score_is_refused_and_nothing_kept(over, score):
    assert tap(over, score).status_code == 400
    assert not Rating.objects.exists()


def test_what_goes_on_or_is_long_over_cannot_be_rated(over, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: OVER + timedelta(days=31))
    assert tap(over, 5).status_code == 409
    Notice.objects.update(phase=Phase.MONITORING, resolved_at=None)
    assert tap(over, 5).status_code == 409
    assert not Rating.objects.exists()


def test_the_page_asks_where_it_is_over_and_only_there(over):
    asks = f'action="../../rate/{over.public_id}/"'
    page = made("pages", OVER + HOUR)[f"status/incidents/{over.public_id}/index.html"].decode()
    assert asks in page

    Notice.objects.update(phase=Phase.MONITORING, resolved_at=None)
    again = made("pages", OVER + 2 * HOUR)[f"status/incidents/{over.public_id}/index.html"]
    assert asks not in again.decode()


def test_an_address_of_nothing_is_not_found(over):
    assert Client().post("/status/rate/nothing/", {"score": 5}).status_code == 404


def test_the_mail_that_says_it_is_over_leads_to_the_question_and_no_other_does(over):
    page = Page.objects.get()
    asks = [said_of(update, page, "ko")["asks"] for update in over.updates.order_by("at")]

    assert asks == [False, True]
