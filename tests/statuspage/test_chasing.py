"""Whoever owes customers a word is reminded: at first, then once in each interval, until it is said."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from incidents.domain.roles import Role
from incidents.models import Event, SeverityPolicy
from incidents.services import give_role, resolve
from notifications.models import Delivery
from statuspage.domain.chasing import GRACE, Owed, Standing, is_due, owed
from statuspage.domain.phases import Phase
from statuspage.models import Notice, Page
from statuspage.services import Words, chase_due, follow, say
from tests.incidents.conftest import person
from tests.race import at_once
from tests.statuspage.scene import HOUR, START

MINUTE = timedelta(minutes=1)
EVERY = 30 * MINUTE


def standing(**said):
    usual = {"begun_at": START, "published": True, "over": False}
    return Standing(**usual | {"promised_at": START + EVERY, "resolved_at": None} | said)


@pytest.mark.parametrize(
    ("said", "minutes", "debt"),
    [
        ({"published": False}, 0, Owed.FIRST),
        ({"published": False, "resolved_at": START}, 9, None),
        ({}, 29, None),
        ({}, 30, Owed.LATE),
        ({"promised_at": None}, 600, None),
        ({"resolved_at": START}, 1, Owed.OVER),
        ({"resolved_at": START, "over": True}, 600, None),
        ({"over": True}, 600, None),
    ],
)
def test_what_was_said_decides_what_is_owed(said, minutes, debt):
    assert owed(standing(**said), at=START + minutes * MINUTE) is debt


@pytest.mark.parametrize(
    ("debt", "chased", "minutes", "due"),
    [
        (Owed.FIRST, None, 4, False),
        (Owed.FIRST, None, 5, True),
        (Owed.LATE, None, 30, True),
        (Owed.LATE, 30, 59, False),
        (Owed.LATE, 30, 60, True),
        (Owed.OVER, None, 14, False),
        (Owed.OVER, None, 15, True),
    ],
)
def test_when_somebody_is_reminded(debt, chased, minutes, due):
    of = standing(resolved_at=START + 10 * MINUTE)
    chased_at = None if chased is None else START + chased * MINUTE
    assert is_due(of, debt, chased_at, EVERY, at=START + minutes * MINUTE) is due


@pytest.fixture
def incident(trouble, commander):
    SeverityPolicy.objects.filter(severity="P1").update(update_every=EVERY)
    found = trouble("P1")
    give_role(found, Role.COMMANDER, to=person("dev2"), by=commander, at=START)
    follow(at=START)
    Notice.objects.update(created_at=START)
    return found


def reminders(incident):
    return Delivery.objects.about(incident.topic).filter(template="public_due")


def events(incident):
    rows = Event.objects.filter(incident=incident, kind="public_update_due")
    return [row.data["owed"] for row in rows.order_by("seq")]


@pytest.mark.django_db
def test_the_first_words_then_a_promised_update_then_the_last_ones(incident, commander):
    Page.objects.update(closes_after=None)
    notice = Notice.objects.get()
    assert chase_due(at=START + MINUTE) == 0
    assert chase_due(at=START + GRACE) == 1
    assert chase_due(at=START + GRACE + MINUTE) == 0
    assert chase_due(at=START + GRACE + EVERY) == 1

    say(notice, Words(Phase.INVESTIGATING, "찾고 있어요."), by=commander, at=START + HOUR)
    assert chase_due(at=START + HOUR + EVERY - MINUTE) == 0
    assert chase_due(at=START + HOUR + EVERY) == 1

    resolve(incident, by=commander, at=START + 2 * HOUR)
    assert chase_due(at=START + 2 * HOUR + EVERY + GRACE) == 1
    notice.refresh_from_db()
    say(notice, Words(Phase.RESOLVED, "끝났어요."), by=commander, at=START + 3 * HOUR)
    assert chase_due(at=START + 9 * HOUR) == 0

    assert events(incident) == ["first", "late"]  # the last debt went on from the second
    assert reminders(incident).count() == 4
    assert {one.recipient for one in reminders(incident)} == {person("dev2")}


@pytest.mark.django_db
def test_a_page_that_closes_by_itself_asks_nobody(incident, commander):
    say(Notice.objects.get(), Words(Phase.INVESTIGATING, "찾고 있어요."), by=commander, at=START)
    resolve(incident, by=commander, at=START + MINUTE)
    assert chase_due(at=START + HOUR) == 0


@pytest.mark.django_db
def test_whoever_speaks_for_it_is_reminded_and_nobody_while_nobody_does(trouble, page):
    incident = trouble("P1")
    follow(at=START)
    Notice.objects.update(created_at=START)
    assert chase_due(at=START + GRACE) == 1
    assert not reminders(incident).exists()
    assert events(incident) == ["first"]


@pytest.mark.django_db
def test_a_drill_chases_nobody(page, commander, trouble):
    trouble("P1", drill=True)
    follow(at=START)
    assert chase_due(at=START + HOUR) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(incident):
    assert sum(at_once(*[lambda: chase_due(at=START + GRACE)] * 4)) == 1
    assert reminders(incident).count() == 1


@pytest.mark.django_db
def test_the_room_says_since_when_in_the_readers_language(incident, commander):
    at = clock.now()
    said = Words(Phase.INVESTIGATING, "찾고 있어요.", "We are looking.", promise=MINUTE)
    say(Notice.objects.get(), said, by=commander, at=at - HOUR)
    client = Client()
    client.force_login(commander)
    korean = client.get(f"/incidents/{incident.number}/").content.decode()
    client.post("/i18n/setlang/", {"language": "en"})
    english = client.get(f"/incidents/{incident.number}/", headers={"accept-language": "en"})

    assert "찾고 있어요." in korean
    assert "data-ago" in korean
    assert "We are looking." in english.content.decode()


@pytest.mark.django_db
def test_an_incident_that_moved_nothing_can_be_told_nevertheless(page, commander, trouble):
    incident = trouble("P1", "energy")
    client = Client()
    client.force_login(commander)
    address = f"/incidents/{incident.number}/notice/"
    assert address in client.get(f"/incidents/{incident.number}/").content.decode()
    assert client.post(address).status_code == 302
    assert Notice.objects.get().incident == incident
