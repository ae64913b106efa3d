"""Words said as fast as they can be, while all who send look for the next piece: nobody waits for ever."""

from functools import partial
from threading import Event

import pytest

from core import clock
from statuspage.domain.phases import Phase
from statuspage.models import Mailing, Notice, Way
from statuspage.services import Words, fanning_out, say
from tests.race import at_once, raised

WORDS = 25
WALKERS = 3


@pytest.mark.django_db(transaction=True)
def test_two_who_speak_and_those_who_send_never_wait_for_each_other_in_a_circle(page):
    notices = [
        Notice.objects.create(title_ko="지연", phase=Phase.INVESTIGATING, started_at=clock.now())
        for _ in range(2)
    ]
    over = Event()
    walkers = [partial(walk, way, over) for way in Way for _ in range(WALKERS)]
    said, *walked = at_once(partial(speak_all, notices, over), *walkers)

    assert raised([*said, *walked]) == []
    for way in Way:
        assert fanning_out.take(way) is None
    assert not Mailing.objects.filter(done_at=None).exists()


def speak_all(notices, over):
    try:
        return at_once(*(partial(speak, notice) for notice in notices))
    finally:
        over.set()


def speak(notice):
    for number in range(WORDS):
        words = Words(Phase.INVESTIGATING, f"{number}번째로 알려요.")
        say(notice, words, by=None, at=clock.database_now())


def walk(way, over):
    while not over.is_set():
        assert fanning_out.take(way) is None  # nobody has subscribed
